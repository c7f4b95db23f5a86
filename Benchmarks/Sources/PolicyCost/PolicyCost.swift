import Glibc
import TransportCore

/// The cost of the policies for a call: the CPU time of this process over calls through a channel that answers at once, in
/// turn without policies and with all of them.
///
/// `PolicyCost [CALLS] [ROUNDS]` prints every round.
@main
struct PolicyCost {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let calls = arguments.first ?? 500_000
        let rounds = arguments.dropFirst().first ?? 5
        let bare = Answering()
        let guarded = try Self.guarded(bare)
        _ = try await Self.measure(guarded, calls / 10)
        print("round  bare ns/call  with policies ns/call  policies ns/call")
        for round in 1...rounds {
            let plain = try await Self.measure(bare, calls)
            let full = try await Self.measure(guarded, calls)
            print("\(round)      \(plain)            \(full)                  \(full - plain)")
        }
    }

    /// All that a call of a service passes on its way out, and the limit that it meets where it arrives.
    private static func guarded(_ base: any Channel) throws -> any Channel {
        let config = try ServiceConfig(
            json: Array(
                """
                {"methodConfig": [{"name": [{}], "timeout": "30s", "retryPolicy": {"maxAttempts": 3,
                  "initialBackoff": "0.025s", "maxBackoff": "0.5s", "backoffMultiplier": 4,
                  "retryableStatusCodes": ["UNAVAILABLE"]}}],
                 "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}
                """.utf8
            )
        )
        let timeline = Timeline(ContinuousClock())
        let observer = NoObserver()
        let limited = Limited(
            base: base,
            limiter: ConcurrencyLimiter(LoadShedding(), timeline: timeline, delay: { .zero })
        )
        let attempts = MeteredChannel(limited, each: .attempt, timeline: timeline, observer: observer)
        let breaker = BreakerChannel(
            attempts,
            target: "bench",
            CircuitBreaking(),
            timeline: timeline
        )
        let retries = RetryChannel(
            breaker,
            config,
            timeline: timeline,
            draw: { 0.5 },
            observer: observer
        )
        return PolicyChannel(
            MeteredChannel(retries, each: .call, timeline: timeline, observer: observer),
            policies: [
                MethodConfigPolicy(config),
                DeadlinePolicy(timeline: timeline, limit: .seconds(30)),
                RequestContextPolicy(),
            ]
        )
    }

    private static func measure(_ channel: any Channel, _ calls: Int) async throws -> Int {
        let call = OutgoingCall(method: "bench.Echo/Unary", timeout: .seconds(5))
        let message: [UInt8] = [1, 2, 3, 4, 5]
        let start = Self.processorTime
        for _ in 0..<calls {
            let answer = try await channel.unary(call, message).message
            guard answer == message else { throw RPCError(.dataLoss, "another answer") }
        }
        return (Self.processorTime - start) / calls
    }

    private static var processorTime: Int {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}

/// Answers with what it was asked.
private struct Answering: Channel {
    func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply {
        UnaryReply(message)
    }

    func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        throw RPCError(.unimplemented, "no streams")
    }
}

/// A service that takes on no more than it can answer.
private struct Limited: Channel {
    let base: any Channel
    let limiter: ConcurrencyLimiter

    func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply {
        do {
            return try await self.limiter.run(until: nil) { try await base.unary(call, message) }
        } catch let error as RPCError {
            throw error
        } catch {
            throw RPCError(.unknown, "\(error)")
        }
    }

    func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        try await self.base.open(call)
    }
}
