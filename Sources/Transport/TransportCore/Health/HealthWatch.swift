/// The status of one service as a stream: the current value, then changes.
struct HealthWatch: Sendable {
    /// Buffers the latest value only; ends after the last value of a drain.
    let statuses: AsyncStream<ServingStatus>

    private let end: AsyncStream<Void>

    fileprivate init(_ statuses: AsyncStream<ServingStatus>, _ end: AsyncStream<Void>) {
        self.statuses = statuses
        self.end = end
    }

    /// Waits for the server's drain, even if the last value is unread.
    ///
    /// Returns early when the task is cancelled.
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

    /// Replaces the buffered status; true when it had not been read.
    func put(_ status: ServingStatus) -> Bool {
        switch self.statuses.yield(status) {
        case .dropped: true
        default: false
        }
    }

    /// Ends the watch after its last value.
    func end() {
        self.statuses.finish()
        self.drain.finish()
    }
}
