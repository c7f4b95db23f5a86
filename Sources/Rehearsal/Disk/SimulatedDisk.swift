import Synchronization

/// A disk for one process at a time, whose rules decide on every operation.
///
/// The process sees the effect of an operation at once; the device is done with it later, at
/// ``busyUntil``. When the process crashes before that, the operation has not happened.
package final class SimulatedDisk: Sendable {
    /// The behaviour of a disk.
    package struct Rules: Sendable {
        /// Decides an operation's fate and duration.
        let decide: @Sendable (DiskOperation) -> DiskVerdict
        /// The current time in nanoseconds.
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

    /// The time at which the device is done with all operations, in nanoseconds.
    package var busyUntil: Int64 { self.state.withLock { $0.busyUntil } }

    /// The time at which the last sync is done, in nanoseconds.
    package var syncedAt: Int64 { self.state.withLock { $0.syncedAt } }

    /// Opens the disk for a process; the process that had it open before can no longer use it.
    package func open() -> DiskOpening {
        let number = self.state.withLock { state in
            state.opening += 1
            state.locks = LockTable()
            return state.opening
        }
        return DiskOpening(self, number)
    }

    /// Crashes the process; `keeps` decides for each torn sector whether it survives.
    package func crash(_ loss: DiskLoss, keeps: () -> Bool) {
        let now = self.rules.now()
        self.state.withLock { state in
            state.opening += 1
            state.locks = LockTable()
            state.image.crash(at: now, loss, keeps: keeps)
            state.busyUntil = min(state.busyUntil, now)
        }
    }

    /// The number of bytes in all files.
    package var byteCount: Int { self.state.withLock { $0.image.byteCount } }

    /// The number of bytes in a file; 0 when it does not exist.
    package func size(_ name: String) -> Int { self.state.withLock { $0.image.size(name) } }

    /// Cuts a file off for good.
    package func cut(_ name: String, to size: Int) {
        self.state.withLock { $0.image.cut(name, to: size) }
    }

    /// A copy of the disk with the same files, which no process has open.
    package func copy() -> SimulatedDisk {
        let image = self.state.withLock { $0.image }
        let copy = SimulatedDisk(self.rules)
        copy.state.withLock { $0.image = image }
        return copy
    }

    /// True when a power cut would lose a write.
    package var hasUnsynced: Bool {
        let now = self.rules.now()
        return self.state.withLock { $0.image.hasUnsynced(at: now) }
    }

    /// Flips a bit of the files' contents; `bit` counts through all files and wraps around.
    ///
    /// - Returns: The place of the bit; nil when all files are empty.
    @discardableResult
    package func flip(bit: Int) -> String? { self.state.withLock { $0.image.flip(bit: bit) } }

    /// True when a flipped bit has not been overwritten.
    package var isFlipped: Bool { self.state.withLock { $0.image.flipped != nil } }

    /// Restores the flipped bit.
    package func unflip() { self.state.withLock { $0.image.unflip() } }

    /// Runs `action` for the opening `number`, if it is still the current one.
    func perform<Answer>(
        _ number: Int,
        _ action: (inout DiskImage, inout LockTable) throws(DiskFailure) -> Answer
    ) throws(DiskFailure) -> Answer {
        try self.state.withLock { state throws(DiskFailure) in
            guard state.opening == number else { throw .fenced }
            return try action(&state.image, &state.locks)
        }
    }

    /// Runs `action` for the opening `number` as the rules decide; `action` gets the time at which
    /// the device is done.
    func perform(
        _ number: Int,
        _ operation: DiskOperation,
        _ action: (inout DiskImage, DiskTime) -> Void,
        forgetting forget: (inout DiskImage, Int64) -> Void = { _, _ in }
    ) throws(DiskFailure) {
        guard self.state.withLock({ $0.opening == number }) else { throw .fenced }
        // The rules run without the lock, because they may read the disk's state.
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

/// The reason why an operation failed.
enum DiskFailure: Error {
    /// The process is dead, or another process opened the disk.
    case fenced
    case failed
    case full
}

extension Duration {
    /// The duration in nanoseconds; a device's times are far from overflowing 64 bits.
    fileprivate var nanoseconds: Int64 {
        self.components.seconds * 1_000_000_000 + self.components.attoseconds / 1_000_000_000
    }
}
