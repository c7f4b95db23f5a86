@testable import TransportCore

/// A call through a ``RetryChannel`` in virtual time, with everything observable.
struct Trial: Sendable {
    let outcome: Result<[UInt8], RPCError>
    let attempts: [ScriptedChannel.Attempt]

    /// The time at which the caller had its answer.
    let end: Duration

    /// The waits reported to the observer.
    let waits: [Duration]

    /// The reported attempts beyond the first, per call.
    let repeats: [Repeats]

    /// True when the request being served was marked as given up.
    let isSettled: Bool

    /// The times of the attempts, in milliseconds.
    var moments: [Double] { self.attempts.map { $0.moment / .milliseconds(1) } }

    /// The `grpc-previous-rpc-attempts` of each attempt.
    var counts: [[String]] {
        self.attempts.map { $0.call.metadata.texts("grpc-previous-rpc-attempts") }
    }

    static let call = OutgoingCall(method: "ledger.LedgerService/RecordTransaction")

    /// Makes one call, answered by the script; its caller leaves after `patience`.
    static func run(
        _ config: ServiceConfig,
        _ answers: [ScriptedChannel.Answer],
        call: OutgoingCall = Trial.call,
        patience: Duration? = nil,
        seed: UInt64? = nil
    ) throws -> Trial {
        try inVirtualTime(seed: seed) { timeline in
            let (base, notes) = (ScriptedChannel(answers, timeline), RetryNotes())
            let channel = RetryChannel(base, config, timeline, observer: notes)
            let mark = FailureMark()
            let scope = CallScope(noting: mark)
            let caller = Task {
                await CallScope.$current.withValue(scope) { await channel.outcome(of: call) }
            }
            if let patience {
                try await timeline.sleep(for: patience)
                caller.cancel()
            }
            let outcome = await caller.value
            return Trial(
                outcome: outcome,
                attempts: base.attempts,
                end: .nanoseconds(timeline.now.nanoseconds),
                waits: notes.waits,
                repeats: notes.repeats,
                isSettled: mark.isSettled
            )
        }
    }
}

extension CallScope {
    fileprivate init(noting mark: FailureMark) {
        self.init()
        self.failure = mark
    }
}

extension RetryChannel {
    /// Creates a channel whose draws are always 0.5.
    convenience init(
        _ base: any Channel,
        _ config: ServiceConfig,
        _ timeline: Timeline,
        observer: any ClientObserver = NoObserver()
    ) {
        self.init(base, config, timeline: timeline, draw: { 0.5 }, observer: observer)
    }
}

extension ServiceConfig {
    /// Retries every method after 100, 200 and then 250 milliseconds.
    static func retrying(
        attempts: Int = 3,
        _ codes: Set<StatusCode> = [.unavailable],
        throttling: RetryThrottling? = nil
    ) -> ServiceConfig {
        var method = MethodConfig(names: [MethodConfig.Name()])
        method.retry = RetryPolicy(
            maxAttempts: attempts,
            initialBackoff: .milliseconds(100),
            maxBackoff: .milliseconds(250),
            backoffMultiplier: 2,
            retryableCodes: codes
        )
        return ServiceConfig(method, throttling)
    }

    /// Hedges every method, with an attempt every ten milliseconds.
    static func hedging(
        attempts: Int = 3,
        delay: Duration = .milliseconds(10),
        throttling: RetryThrottling? = nil
    ) -> ServiceConfig {
        var method = MethodConfig(names: [MethodConfig.Name()])
        method.hedging = HedgingPolicy(
            maxAttempts: attempts,
            delay: delay,
            nonFatalCodes: [.unavailable]
        )
        return ServiceConfig(method, throttling)
    }

    private init(_ method: MethodConfig, _ throttling: RetryThrottling?) {
        self.init()
        self.methods = [method]
        self.retryThrottling = throttling
    }
}

extension RPCError {
    /// The call may have taken effect.
    static let away = RPCError(.unavailable, "away")

    /// The call had no effect.
    static let unsent = RPCError(.unavailable, "no connection", wasNeverProcessed: true)

    /// The call was answered.
    static let missing = RPCError(.notFound, "no such payment")

    /// The server sheds load: the call had no effect.
    static let busy = RPCError(.resourceExhausted, "busy", reason: "OVERLOAD")

    /// A breaker in front of the server is open: the call had no effect.
    static let breakerOpen: RPCError = {
        var error = RPCError(.unavailable, "fails too often", reason: "BREAKER_OPEN").withoutRetry
        error.wasNeverProcessed = true
        return error
    }()
}
