internal import CSQLite
import Synchronization

/// A disk that SQLite reaches by a name while this value lives.
///
/// SQLite keeps its file systems in a list of the process, so a few are registered and reused. A
/// run cannot observe which one it uses.
package final class DiskMount: Sendable {
    /// The name of the file system on which a database is opened.
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

/// A file system registered with SQLite, for one disk at a time.
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
