import Testing

@testable import TransportCore

@Suite("Hedged calls, in virtual time", .timeLimit(.minutes(10)))
struct HedgingTests {
    private static func reply(_ byte: UInt8, _ milliseconds: Int) -> ScriptedChannel.Answer {
        .reply([byte], after: .milliseconds(milliseconds))
    }

    private static func failure(
        _ error: RPCError,
        _ milliseconds: Int
    ) -> ScriptedChannel.Answer { .failure(error, after: .milliseconds(milliseconds)) }

    @Test("a second attempt is sent after the delay; the first answer wins and cancels the rest")
    func firstAnswer() throws {
        let answers = [Self.reply(1, 50), Self.reply(2, 5), Self.reply(3, 50)]
        let trial = try Trial.run(.hedging(), answers)
        #expect(trial.outcome == .success([2]))
        #expect(trial.moments == [0, 10])
        #expect(trial.end == .milliseconds(15))
        #expect(trial.attempts.map(\.isCancelled) == [true, false])
        #expect(!trial.isSettled)
    }

    @Test("an answer within the delay prevents further attempts")
    func quickAnswer() throws {
        let trial = try Trial.run(.hedging(), [Self.reply(1, 9)])
        #expect(trial.outcome == .success([1]))
        #expect(trial.attempts.count == 1)
        #expect(trial.end == .milliseconds(9))
        #expect(trial.waits.isEmpty)
        #expect(trial.repeats.isEmpty)
    }

    @Test("attempts are one delay apart up to their number, and a slow first may still win")
    func allAttempts() throws {
        let trial = try Trial.run(.hedging(), [Self.reply(1, 45), Self.reply(2, 50)])
        #expect(trial.moments == [0, 10, 20])
        #expect(trial.outcome == .success([1]))
        #expect(trial.end == .milliseconds(45))
        #expect(trial.attempts.map(\.isCancelled) == [false, true, true])
        #expect(trial.waits == [.zero, .zero])
        #expect(trial.repeats.map(\.hedges) == [2])
    }

    @Test("attempts carry the number of earlier ones and the remaining time")
    func counts() throws {
        var call = Trial.call
        call.timeout = .seconds(1)
        let trial = try Trial.run(.hedging(), [Self.reply(1, 50)], call: call)
        #expect(trial.counts == [[], ["1"], ["2"]])
        let timeouts = trial.attempts.map(\.call.timeout)
        #expect(timeouts == [.seconds(1), .milliseconds(990), .milliseconds(980)])
    }

    @Test("no attempt is sent without remaining time")
    func noTime() throws {
        var call = Trial.call
        call.timeout = .milliseconds(15)
        let trial = try Trial.run(.hedging(), [Self.reply(1, 50)], call: call)
        #expect(trial.moments == [0, 10])
    }

    @Test("without a delay all attempts are sent at once")
    func noDelay() throws {
        let trial = try Trial.run(.hedging(delay: .zero), [Self.reply(1, 5)])
        #expect(trial.moments == [0, 0, 0])
        #expect(trial.outcome == .success([1]))
    }

    @Test("a fatal code ends the call and cancels the other attempts")
    func fatal() throws {
        let trial = try Trial.run(.hedging(), [Self.reply(1, 50), Self.failure(.missing, 5)])
        #expect(trial.outcome == .failure(.missing))
        #expect(trial.end == .milliseconds(15))
        #expect(trial.attempts.map(\.isCancelled) == [true, false])
    }

    @Test("a fatal code is an answer and does not mark the request")
    func fatalIsNotSettled() throws {
        let trial = try Trial.run(.hedging(), [Self.failure(.missing, 5)])
        #expect(trial.outcome == .failure(.missing))
        #expect(!trial.isSettled)
    }

    @Test("a non-fatal code sends the next attempt at once and restarts the delay")
    func nonFatal() throws {
        let answers = [Self.failure(.away, 3), Self.reply(2, 20), Self.reply(3, 50)]
        let trial = try Trial.run(.hedging(), answers)
        #expect(trial.moments == [0, 3, 13])
        #expect(trial.outcome == .success([2]))
        #expect(trial.end == .milliseconds(23))
    }

    @Test("when all attempts have failed, callers above must not retry")
    func exhausted() throws {
        let trial = try Trial.run(.hedging(), [Self.failure(.away, 1)])
        #expect(trial.moments == [0, 1, 2])
        #expect(trial.outcome == .failure(.away))
        #expect(trial.end == .milliseconds(3))
        #expect(trial.isSettled)
    }

    @Test("a pushback of never stops new attempts, not those in flight")
    func never() throws {
        let held = [Self.reply(1, 50), Self.failure(RPCError.away.withoutRetry, 2)]
        let trial = try Trial.run(.hedging(), held)
        #expect(trial.moments == [0, 10])
        #expect(trial.outcome == .success([1]))
        let refused = try Trial.run(.hedging(), [Self.failure(RPCError.away.withoutRetry, 2)])
        #expect(refused.attempts.count == 1)
        #expect(refused.end == .milliseconds(2))
        #expect(refused.isSettled)
    }

    @Test("a throttle without tokens allows no attempt beyond the first")
    func throttled() throws {
        let throttling = RetryThrottling(maxTokens: 2, tokenRatio: 0.1)
        let (failed, slow, count) = try inVirtualTime { timeline in
            let base = ScriptedChannel([Self.failure(.away, 1), Self.reply(1, 50)], timeline)
            let channel = RetryChannel(base, .hedging(throttling: throttling), timeline)
            let failed = await channel.outcome(of: Trial.call)
            let slow = await channel.outcome(of: Trial.call)
            return (failed, slow, base.attempts.count)
        }
        #expect(failed == .failure(.away))
        #expect(slow == .success([1]))
        #expect(count == 2)
    }

    @Test(
        "nothing is sent after the caller has left, in any order of events",
        arguments: UInt64(0)..<20
    )
    func cancelled(_ seed: UInt64) throws {
        let trial = try Trial.run(
            .hedging(),
            [Self.reply(1, 50)],
            patience: .milliseconds(5),
            seed: seed
        )
        #expect(trial.attempts.map(\.isCancelled) == [true])
        #expect(trial.outcome.error?.code == .cancelled)
        #expect(trial.end == .milliseconds(5))
        #expect(trial.waits.isEmpty)
    }

    @Test("after an uncertain attempt the error does not claim that nothing happened")
    func uncertain() throws {
        let answers = [Self.failure(.away, 1), Self.failure(.breakerOpen, 1)]
        let error = try #require(try Trial.run(.hedging(), answers).outcome.error)
        #expect(error.code == .unavailable)
        #expect(error.reason == nil)
        #expect(!error.wasNeverProcessed)
    }

    @Test("an error while another attempt is in flight does not claim it either")
    func underWay() throws {
        let answers = [Self.reply(1, 50), Self.failure(.busy, 1)]
        let error = try #require(try Trial.run(.hedging(), answers).outcome.error)
        #expect(error.code == .resourceExhausted)
        #expect(error.reason == nil)
    }

    @Test("after attempts without effect the last keeps its claim")
    func certain() throws {
        let answers = [Self.failure(.unsent, 1), Self.failure(.breakerOpen, 1)]
        let trial = try Trial.run(.hedging(), answers)
        #expect(trial.outcome == .failure(.breakerOpen))
    }
}
