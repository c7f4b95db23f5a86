/// The statuses of one service as one reader sees them: the latest, and then those that follow.
struct HealthWatch: Sendable {
    /// The latest value waits; the stream ends with the server's drain, after its last value.
    let statuses: AsyncStream<ServingStatus>

    private let end: AsyncStream<Void>

    fileprivate init(_ statuses: AsyncStream<ServingStatus>, _ end: AsyncStream<Void>) {
        self.statuses = statuses
        self.end = end
    }

    /// Waits until the server drains, whether or not the last value was read; returns early when
    /// the task is cancelled.
    func drained() async {
        for await _ in self.end {}
    }
}

/// The writing end of a ``HealthWatch``.
struct HealthMailbox: Sendable {
    /// The reading end.
    let watch: HealthWatch

    private let statuses: AsyncStream<ServingStatus>.Continuation
    private let drain: AsyncStream<Void>.Continuation

    init() {
        let statuses = AsyncStream.makeStream(
            of: ServingStatus.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let end = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.watch = HealthWatch(statuses.stream, end.stream)
        self.statuses = statuses.continuation
        self.drain = end.continuation
    }

    /// Puts a status in the place of the one that waits; true when that one was never read.
    func put(_ status: ServingStatus) -> Bool {
        switch self.statuses.yield(status) {
        case .dropped: true
        default: false
        }
    }

    /// Ends the watch, once its last value is read.
    func end() {
        self.statuses.finish()
        self.drain.finish()
    }
}
