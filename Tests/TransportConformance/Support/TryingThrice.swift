import TransportCore

extension Channel {
    /// This channel with three attempts on UNAVAILABLE.
    var tryingThrice: RetryChannel { self.tryingThrice(on: Timeline(HurriedClock())) }

    /// This channel with three attempts on UNAVAILABLE, waiting on `timeline`.
    func tryingThrice(on timeline: Timeline) -> RetryChannel {
        var method = MethodConfig(names: [MethodConfig.Name()])
        method.retry = RetryPolicy(
            maxAttempts: 3,
            initialBackoff: .milliseconds(1),
            maxBackoff: .milliseconds(1),
            backoffMultiplier: 1,
            retryableCodes: [.unavailable]
        )
        var config = ServiceConfig()
        config.methods = [method]
        return RetryChannel(
            self,
            config,
            timeline: timeline,
            draw: { 0.5 },
            observer: NoObserver()
        )
    }
}

/// A clock on which all waits end at once; these tests check who retries, not when.
private struct HurriedClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration = .zero
        func advanced(by duration: Duration) -> Instant { Instant(offset: self.offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - self.offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    var now: Instant { Instant() }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
    }
}
