import Synchronization

/// A disk that one process at a time has open, and that does what its rules say.
///
/// What it is asked is done at once, as far as the asker can see, and takes its time afterwards:
/// ``busyUntil`` says when the device is done. A process that dies before that did less.
package final class SimulatedDisk: Sendable {
    /// The behaviour of a disk.
    package struct Rules: Sendable {
        /// Decides on an operation, and says how long it takes.
        let decide: @Sendable (DiskOperation) -> DiskVerdict
        /// The time, in nanoseconds.
        let now: @Sendable () -> Int64

        package init(
            now: @escaping @Sendable () -> Int64,
            decide: @escaping @Sendable (DiskOperation) -> DiskVerdict
        ) {
            self.decide = decide
            self.now = now
        }
    }

    private let rules: Rules
    private let state = Mutex(State())

    private struct State {
        var image = DiskImage()
        var opening = 0
        var busyUntil: Int64 = 0
        var syncedAt: Int64 = 0
        var locks = LockTable()
    }

    package init(_ rules: Rules) { self.rules = rules }

    /// The time at which the device has done all that it was asked, in nanoseconds.
    package var busyUntil: Int64 { self.state.withLock { $0.busyUntil } }

    /// The time at which the last sync is done, in nanoseconds.
    package var syncedAt: Int64 { self.state.withLock { $0.syncedAt } }

    /// Opens it for one process; whoever had it open before reads and writes nothing any more.
    package func open() -> DiskOpening {
        let number = self.state.withLock { state in
            state.opening += 1
            state.locks = LockTable()
            return state.opening
        }
        return DiskOpening(self, number)
    }

    /// The process dies; `keeps` draws whether a sector survives that a torn write may have lost.
    package func crash(_ loss: DiskLoss, keeps: () -> Bool) {
        let now = self.rules.now()
        self.state.withLock { state in
            state.opening += 1
            state.locks = LockTable()
            state.image.crash(at: now, loss, keeps: keeps)
            state.busyUntil = min(state.busyUntil, now)
        }
    }

    /// The number of bytes written, in all files.
    package var byteCount: Int { self.state.withLock { $0.image.byteCount } }

    /// The number of bytes of a file; 0 when there is none.
    package func size(_ name: String) -> Int { self.state.withLock { $0.image.size(name) } }

    /// Cuts a file off, as if the rest had never been written.
    package func cut(_ name: String, to size: Int) {
        self.state.withLock { $0.image.cut(name, to: size) }
    }

    /// Another disk with the same files, which nobody has open.
    package func copy() -> SimulatedDisk {
        let image = self.state.withLock { $0.image }
        let copy = SimulatedDisk(self.rules)
        copy.state.withLock { $0.image = image }
        return copy
    }

    /// True when something is written that a cut of the power could take.
    package var hasUnsynced: Bool {
        let now = self.rules.now()
        return self.state.withLock { $0.image.hasUnsynced(at: now) }
    }

    /// Flips one bit of what is written, of which there are eight in each byte of every file.
    ///
    /// - Returns: where; nil when nothing is written.
    @discardableResult
    package func flip(bit: Int) -> String? { self.state.withLock { $0.image.flip(bit: bit) } }

    /// True when a bit is flipped that nobody has written over.
    package var isFlipped: Bool { self.state.withLock { $0.image.flipped != nil } }

    /// Flips it back.
    package func unflip() { self.state.withLock { $0.image.unflip() } }

    /// Does `action` for the process that has opening `number`, if that is still the last one.
    func perform<Answer>(
        _ number: Int,
        _ action: (inout DiskImage, inout LockTable) throws(DiskFailure) -> Answer
    ) throws(DiskFailure) -> Answer {
        try self.state.withLock { state throws(DiskFailure) in
            guard state.opening == number else { throw .fenced }
            return try action(&state.image, &state.locks)
        }
    }

    /// The same for something that the device does, and takes its time for: `action` is told when
    /// it is done.
    func perform(
        _ number: Int,
        _ operation: DiskOperation,
        _ action: (inout DiskImage, DiskTime) -> Void,
        forgetting forget: (inout DiskImage, Int64) -> Void = { _, _ in }
    ) throws(DiskFailure) {
        guard self.state.withLock({ $0.opening == number }) else { throw .fenced }
        // Whoever decides may be told of it, and asks what it likes.
        let verdict = self.rules.decide(operation)
        try self.state.withLock { state throws(DiskFailure) in
            guard state.opening == number else { throw .fenced }
            switch verdict {
            case .fail: throw .failed
            case .forget:
                let now = self.rules.now()
                forget(&state.image, now)
                throw .failed
            case .full: throw .full
            case .pass(let time), .failUnsaid(let time):
                let now = self.rules.now()
                state.busyUntil = max(state.busyUntil, now) + time.nanoseconds
                if operation == .sync { state.syncedAt = state.busyUntil }
                action(&state.image, DiskTime(now: now, done: state.busyUntil))
            }
            if case .failUnsaid = verdict { throw .failed }
        }
    }
}

/// Why an operation was not done.
enum DiskFailure: Error {
    /// The process is dead, or another one has the disk open.
    case fenced
    case failed
    case full
}

extension Duration {
    /// A device's times are far shorter than what 64 bits of nanoseconds can say.
    fileprivate var nanoseconds: Int64 {
        self.components.seconds * 1_000_000_000 + self.components.attoseconds / 1_000_000_000
    }
}
