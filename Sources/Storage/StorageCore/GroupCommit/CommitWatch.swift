package import Domain

/// Is told how every commit ended.
package struct CommitWatch: Sendable {
    /// Nanoseconds of a clock that only goes forward.
    let clock: @Sendable () -> Int64
    private let committed: @Sendable (_ entries: Int, _ time: Duration) -> Void
    private let failed: @Sendable (_ error: JournalError) -> Void
    private let batchEnded: @Sendable (_ writes: Int, _ time: Duration) -> Void

    /// - Parameters:
    ///   - clock: Nanoseconds of a clock that only goes forward.
    ///   - committed: Takes how many entries a commit made durable, and how long it took; a batch of
    ///     replays and refusals, which records nothing, is no commit.
    ///   - failed: Takes why a commit failed.
    ///   - ended: Takes how many writes a batch had, whatever became of them, and how long it took.
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
