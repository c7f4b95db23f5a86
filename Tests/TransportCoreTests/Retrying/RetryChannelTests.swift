import Simulation
import Testing

@testable import TransportCore

@Suite("Retried calls, in virtual time", .timeLimit(.minutes(10)))
struct RetryChannelTests {
    @Test("a second attempt carries its number and the remaining time")
    func secondAttempt() throws {
        var call = Trial.call
        call.metadata = ["x-tenant": "blue"]
        call.timeout = .seconds(1)
        let trial = try Trial.run(
            .retrying(),
            [.failure(.away, after: .milliseconds(300)), .failure(.away), .reply([7])],
            call: call
        )
        #expect(trial.counts == [[], ["1"], ["2"]])
        let timeouts = trial.attempts.map(\.call.timeout)
        #expect(timeouts == [.seconds(1), .milliseconds(600), .milliseconds(400)])
        #expect(trial.attempts.allSatisfy { $0.call.metadata.texts("x-tenant") == ["blue"] })
        #expect(trial.attempts.allSatisfy { $0.call.method == call.method })
    }

    @Test("the observer hears once of a call's attempts beyond the first")
    func repeats() throws {
        let twice = try Trial.run(.retrying(), [.failure(.away), .failure(.away), .reply([7])])
        #expect(twice.repeats.map(\.retries) == [2])
        #expect(twice.repeats.map(\.delay) == [.milliseconds(300)])
        #expect(try Trial.run(.retrying(), [.reply([7])]).repeats.isEmpty)
        let left = try Trial.run(.retrying(), [.failure(.away)], patience: .milliseconds(50))
        #expect(left.repeats.isEmpty)
    }

    @Test("a call without a timeout has none in any attempt")
    func noTimeout() throws {
        let trial = try Trial.run(.retrying(), [.failure(.away), .reply([7])])
        #expect(trial.attempts.map(\.call.timeout) == [nil, nil])
    }

    @Test("attempts follow the policy's intervals, and the observer hears of each")
    func waits() throws {
        let trial = try Trial.run(.retrying(attempts: 5), [.failure(.away)])
        #expect(trial.moments == [0, 100, 300, 550, 800])
        #expect(trial.waits == [100, 200, 250, 250].map { Duration.milliseconds($0) })
        #expect(trial.end == .milliseconds(800))
        #expect(trial.outcome == .failure(.away))
    }

    @Test("a wait begins when the attempt before it has failed")
    func slowFailure() throws {
        let trial = try Trial.run(
            .retrying(),
            [.failure(.away, after: .seconds(2)), .reply([7])]
        )
        #expect(trial.moments == [0, 2_100])
    }

    @Test("a server's pushback replaces the policy's wait")
    func pushback() throws {
        var error = RPCError.away
        error.trailers.add("grpc-retry-pushback-ms", "250")
        let trial = try Trial.run(.retrying(), [.failure(error), .reply([7])])
        #expect(trial.moments == [0, 250])
        #expect(trial.waits == [.milliseconds(250)])
    }

    @Test("a success after a failure is the answer, and the request is not marked")
    func success() throws {
        let trial = try Trial.run(.retrying(), [.failure(.away), .reply([7])])
        #expect(trial.outcome == .success([7]))
        #expect(trial.attempts.count == 2)
        #expect(!trial.isSettled)
    }

    @Test("a wait past the deadline is not begun: the error comes at once")
    func noTime() throws {
        var call = Trial.call
        call.timeout = .milliseconds(250)
        let trial = try Trial.run(.retrying(attempts: 5), [.failure(.away)], call: call)
        #expect(trial.moments == [0, 100])
        #expect(trial.end == .milliseconds(100))
        #expect(trial.outcome == .failure(.away))
        #expect(trial.isSettled)
    }

    @Test("a wait that ends at the deadline leaves no time for an attempt")
    func noTimeLeft() throws {
        var call = Trial.call
        call.timeout = .milliseconds(100)
        let trial = try Trial.run(.retrying(), [.failure(.away)], call: call)
        #expect(trial.moments == [0])
        #expect(trial.end == .zero)
    }

    @Test("a call that used up its attempts marks the request, a non-retryable one does not")
    func settles() throws {
        let exhausted = try Trial.run(.retrying(), [.failure(.away)])
        #expect(exhausted.attempts.count == 3)
        #expect(exhausted.isSettled)
        let answered = try Trial.run(.retrying(), [.failure(.missing)])
        #expect(answered.attempts.count == 1)
        #expect(answered.outcome == .failure(.missing))
        #expect(!answered.isSettled)
        let refused = try Trial.run(.retrying(), [.failure(.breakerOpen)])
        #expect(refused.attempts.count == 1)
        #expect(refused.isSettled)
    }

    @Test("without a policy a call is made once, and the request is not marked")
    func noPolicy() throws {
        let trial = try Trial.run(ServiceConfig(), [.failure(.away)])
        #expect(trial.attempts.count == 1)
        #expect(trial.outcome == .failure(.away))
        #expect(!trial.isSettled)
        #expect(trial.waits.isEmpty)
    }

    @Test("a caller cancelled between attempts gets CANCELLED at once, without another attempt")
    func cancelled() throws {
        let trial = try Trial.run(
            .retrying(),
            [.failure(.away)],
            patience: .milliseconds(50)
        )
        #expect(trial.outcome.error?.code == .cancelled)
        #expect(trial.outcome.error?.wasNeverProcessed == false)
        #expect(trial.end == .milliseconds(50))
        #expect(trial.attempts.count == 1)
    }

    @Test("a stream that cannot be opened is retried like a call, with the same waits")
    func stream() throws {
        let moments = try inVirtualTime { timeline in
            let base = ScriptedChannel([.failure(.away)], timeline)
            _ = try? await RetryChannel(base, .retrying(), timeline).open(Trial.call)
            return base.attempts.map { $0.moment / .milliseconds(1) }
        }
        #expect(moments == [0, 100, 300])
    }

    @Test(
        "in a total outage a throttle allows a thousand calls only a few retries",
        arguments: [false, true]
    )
    func outage(_ isAtOnce: Bool) throws {
        let throttling = RetryThrottling(maxTokens: 10, tokenRatio: 0.1)
        let count = try inVirtualTime { timeline in
            let base = ScriptedChannel([.failure(.away)], timeline)
            let channel = RetryChannel(base, .retrying(throttling: throttling), timeline)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<1_000 {
                    group.addTask { _ = await channel.outcome(of: Trial.call) }
                    if !isAtOnce { _ = await group.next() }
                }
            }
            return base.attempts.count
        }
        #expect(count > 1_000)
        #expect(count <= 1_200)
    }

    @Test("a total outage costs a channel at most five retries, whatever went before")
    func amplification() throws {
        let worst = try (UInt64(0)..<1_000).map { seed in
            var drawn = RandomStream(seed: seed, name: "outage")
            let calls = Int.random(in: 50..<150, using: &drawn)
            let abreast = Int.random(in: 1...calls, using: &drawn)
            let delay = Duration.milliseconds(Int.random(in: 0..<200, using: &drawn))
            let good = Int.random(in: 0..<calls, using: &drawn)
            let throttling = RetryThrottling(maxTokens: 10, tokenRatio: 0.1)
            return try inVirtualTime(seed: seed) { timeline in
                let script = Array(repeating: ScriptedChannel.Answer.reply([7]), count: good)
                let base = ScriptedChannel(script + [.failure(.away, after: delay)], timeline)
                let channel = RetryChannel(base, .retrying(throttling: throttling), timeline)
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<calls {
                        if number >= abreast { await group.next() }
                        group.addTask { _ = await channel.outcome(of: Trial.call) }
                    }
                }
                return base.attempts.count - calls
            }
        }.max()
        #expect(try #require(worst) > 0)
        #expect(try #require(worst) <= 5)
    }

    @Test("without a throttle an outage multiplies the calls")
    func unthrottled() throws {
        let count = try inVirtualTime { timeline in
            let base = ScriptedChannel([.failure(.away)], timeline)
            let channel = RetryChannel(base, .retrying(), timeline)
            for _ in 0..<10 { _ = await channel.outcome(of: Trial.call) }
            return base.attempts.count
        }
        #expect(count == 30)
    }
}
