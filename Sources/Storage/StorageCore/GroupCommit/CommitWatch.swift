package import Domain

/// Observes commits.
package struct CommitWatch: Sendable {
    /// A monotonic clock, in nanoseconds.
    let clock: @Sendable () -> Int64
    private let committed: @Sendable (_ entries: Int, _ time: Duration) -> Void
    private let failed: @Sendable (_ error: JournalError) -> Void
    private let batchEnded: @Sendable (_ writes: Int, _ time: Duration) -> Void

    /// - Parameters:
    ///   - clock: A monotonic clock, in nanoseconds.
    ///   - committed: Receives the number of new entries and the duration of each commit. A batch
    ///     that records nothing does not count.
    ///   - failed: Receives the error of each failed commit.
    ///   - ended: Receives the number of writes and the duration of each batch, whatever its result.
    package init(
        clock: @escaping @Sendable () -> Int64,
        committed: @escaping @Sendable (_ entries: Int, _ time: Duration) -> Void,
        failed: @escaping @Sendable (_ error: JournalError) -> Void,
        ended: @escaping @Sendable (_ writes: Int, _ time: Duration) -> Void = { _, _ in }
    ) {
        self.clock = clock
        self.committed = committed
        self.failed = failed
        self.batchEnded = ended
    }

    func ended(_ result: Result<Int, JournalError>, of writes: Int, since start: Int64) {
        let time = Duration.nanoseconds(self.clock() - start)
        self.batchEnded(writes, time)
        switch result {
        case .success(0): break
        case .success(let entries): self.committed(entries, time)
        case .failure(let error): self.failed(error)
        }
    }
}
