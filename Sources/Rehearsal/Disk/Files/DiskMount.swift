internal import CSQLite
import Synchronization

/// A disk that SQLite can reach, by a name, for as long as this value lives.
///
/// SQLite keeps file systems in one list of the process, so a few are registered and used again;
/// which one it is cannot be seen in a run.
package final class DiskMount: Sendable {
    /// The name under which a database is opened on the file system.
    package let name: String
    private let slot: MountSlot

    package init(_ opening: DiskOpening) {
        self.slot = MountSlot.take()
        self.slot.opening.withLock { $0 = opening }
        self.name = self.slot.name
    }

    deinit {
        self.slot.opening.withLock { $0 = nil }
        MountSlot.give(self.slot)
    }
}

/// A file system that is registered with SQLite for good, over a disk at a time.
final class MountSlot: Sendable {
    let name: String
    let opening = Mutex<DiskOpening?>(nil)

    private static let free = Mutex<(slots: [MountSlot], count: Int)>(([], 0))

    private init(_ number: Int) { self.name = "simulated-\(number)" }

    static func take() -> MountSlot {
        let (slot, isMade) = self.free.withLock { free in
            if let slot = free.slots.popLast() { return (slot, false) }
            free.count += 1
            return (MountSlot(free.count), true)
        }
        if isMade { DiskFileSystem.register(slot) }
        return slot
    }

    static func give(_ slot: MountSlot) { self.free.withLock { $0.slots.append(slot) } }
}
