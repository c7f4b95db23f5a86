@testable import TransportCore

/// One call through a ``RetryChannel`` in virtual time, and all that can be seen of it.
struct Trial: Sendable {
    let outcome: Result<[UInt8], RPCError>
    let attempts: [ScriptedChannel.Attempt]

    /// When the caller had its answer.
    let end: Duration

    /// What the observer was told of attempts beyond the first.
    let waits: [Duration]

    /// What the observer was told that calls took beyond their first attempts.
    let repeats: [Repeats]

    /// Whether the request, for which the call was made, knows that it was given up.
    let isSettled: Bool

    /// When attempts were made, in milliseconds.
    var moments: [Double] { self.attempts.map { $0.moment / .milliseconds(1) } }

    /// What attempts said of those before them.
    var counts: [[String]] {
        self.attempts.map { $0.call.metadata.texts("grpc-previous-rpc-attempts") }
    }

    static let call = OutgoingCall(method: "ledger.LedgerService/RecordTransaction")

    /// Makes one call that the script answers; its caller leaves after `patience`.
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
    /// A channel whose draws are always in the middle.
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
    /// Tries again after 100, 200 and then 250 milliseconds, whatever the method.
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

    /// Sends another attempt every ten milliseconds, whatever the method.
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
    /// Nobody knows what the call did.
    static let away = RPCError(.unavailable, "away")

    /// The call did nothing.
    static let unsent = RPCError(.unavailable, "no connection", wasNeverProcessed: true)

    /// An answer.
    static let missing = RPCError(.notFound, "no such payment")

    /// A server that sheds load: the call did nothing.
    static let busy = RPCError(.resourceExhausted, "busy", reason: "OVERLOAD")

    /// A breaker in front of the server: the call did nothing.
    static let breakerOpen: RPCError = {
        var error = RPCError(.unavailable, "fails too often", reason: "BREAKER_OPEN").withoutRetry
        error.wasNeverProcessed = true
        return error
    }()
}
