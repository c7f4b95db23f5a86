/// Is told how long commits take, and how many writes each made durable.
package struct CommitWatch: Sendable {
    /// Nanoseconds of a clock that only goes forward.
    let clock: @Sendable () -> Int64
    private let told: @Sendable (_ writes: Int, _ time: Duration) -> Void

    package init(
        clock: @escaping @Sendable () -> Int64,
        told: @escaping @Sendable (_ writes: Int, _ time: Duration) -> Void
    ) {
        self.clock = clock
        self.told = told
    }

    func committed(_ writes: Int, since start: Int64) {
        self.told(writes, .nanoseconds(self.clock() - start))
    }
}
