package import Domain

/// Is told how every commit ended.
package struct CommitWatch: Sendable {
    /// Nanoseconds of a clock that only goes forward.
    let clock: @Sendable () -> Int64
    private let committed: @Sendable (_ entries: Int, _ time: Duration) -> Void
    private let failed: @Sendable (_ error: JournalError) -> Void

    /// - Parameters:
    ///   - clock: Nanoseconds of a clock that only goes forward.
    ///   - committed: Takes how many entries a commit made durable, and how long it took; a batch of
    ///     replays and refusals, which records nothing, is no commit.
    ///   - failed: Takes why a commit failed.
    package init(
        clock: @escaping @Sendable () -> Int64,
        committed: @escaping @Sendable (_ entries: Int, _ time: Duration) -> Void,
        failed: @escaping @Sendable (_ error: JournalError) -> Void
    ) {
        self.clock = clock
        self.committed = committed
        self.failed = failed
    }

    func ended(_ result: Result<Int, JournalError>, since start: Int64) {
        switch result {
        case .success(0): break
        case .success(let entries): self.committed(entries, .nanoseconds(self.clock() - start))
        case .failure(let error): self.failed(error)
        }
    }
}
