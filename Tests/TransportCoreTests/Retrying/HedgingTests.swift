import Testing

@testable import TransportCore

@Suite("Calls with several attempts at once, in virtual time", .timeLimit(.minutes(10)))
struct HedgingTests {
    private static func reply(_ byte: UInt8, _ milliseconds: Int) -> ScriptedChannel.Answer {
        .reply([byte], after: .milliseconds(milliseconds))
    }

    private static func failure(
        _ error: RPCError,
        _ milliseconds: Int
    ) -> ScriptedChannel.Answer { .failure(error, after: .milliseconds(milliseconds)) }

    @Test("a second attempt is sent after the delay; the first answer wins, the rest is cancelled")
    func firstAnswer() throws {
        let answers = [Self.reply(1, 50), Self.reply(2, 5), Self.reply(3, 50)]
        let trial = try Trial.run(.hedging(), answers)
        #expect(trial.outcome == .success([2]))
        #expect(trial.moments == [0, 10])
        #expect(trial.end == .milliseconds(15))
        #expect(trial.attempts.map(\.isCancelled) == [true, false])
        #expect(!trial.isSettled)
    }

    @Test("an answer within the delay leaves it at one attempt")
    func quickAnswer() throws {
        let trial = try Trial.run(.hedging(), [Self.reply(1, 9)])
        #expect(trial.outcome == .success([1]))
        #expect(trial.attempts.count == 1)
        #expect(trial.end == .milliseconds(9))
        #expect(trial.waits.isEmpty)
        #expect(trial.repeats.isEmpty)
    }

    @Test("attempts come one delay apart up to their number, and the slow first may still win")
    func allAttempts() throws {
        let trial = try Trial.run(.hedging(), [Self.reply(1, 45), Self.reply(2, 50)])
        #expect(trial.moments == [0, 10, 20])
        #expect(trial.outcome == .success([1]))
        #expect(trial.end == .milliseconds(45))
        #expect(trial.attempts.map(\.isCancelled) == [false, true, true])
        #expect(trial.waits == [.zero, .zero])
        #expect(trial.repeats.map(\.hedges) == [2])
    }

    @Test("attempts count those before them, and have the time that is left")
    func counts() throws {
        var call = Trial.call
        call.timeout = .seconds(1)
        let trial = try Trial.run(.hedging(), [Self.reply(1, 50)], call: call)
        #expect(trial.counts == [[], ["1"], ["2"]])
        let timeouts = trial.attempts.map(\.call.timeout)
        #expect(timeouts == [.seconds(1), .milliseconds(990), .milliseconds(980)])
    }

    @Test("no attempt is sent when no time is left for it")
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

    @Test("a fatal code ends the call, and cancels what is under way")
    func fatal() throws {
        let trial = try Trial.run(.hedging(), [Self.reply(1, 50), Self.failure(.missing, 5)])
        #expect(trial.outcome == .failure(.missing))
        #expect(trial.end == .milliseconds(15))
        #expect(trial.attempts.map(\.isCancelled) == [true, false])
    }

    @Test("a fatal code is an answer: nothing was given up")
    func fatalIsNotSettled() throws {
        let trial = try Trial.run(.hedging(), [Self.failure(.missing, 5)])
        #expect(trial.outcome == .failure(.missing))
        #expect(!trial.isSettled)
    }

    @Test("a code that is not fatal sends the next attempt at once, and the delay begins anew")
    func nonFatal() throws {
        let answers = [Self.failure(.away, 3), Self.reply(2, 20), Self.reply(3, 50)]
        let trial = try Trial.run(.hedging(), answers)
        #expect(trial.moments == [0, 3, 13])
        #expect(trial.outcome == .success([2]))
        #expect(trial.end == .milliseconds(23))
    }

    @Test("when every attempt has failed the call has, and nobody above should try")
    func exhausted() throws {
        let trial = try Trial.run(.hedging(), [Self.failure(.away, 1)])
        #expect(trial.moments == [0, 1, 2])
        #expect(trial.outcome == .failure(.away))
        #expect(trial.end == .milliseconds(3))
        #expect(trial.isSettled)
    }

    @Test("a server that says never ends the attempts, not those under way")
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
        "when the caller leaves nothing more is sent, in whatever order it is noticed",
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

    @Test("after an attempt of which nobody knows what it did, nobody says that nothing happened")
    func uncertain() throws {
        let answers = [Self.failure(.away, 1), Self.failure(.breakerOpen, 1)]
        let error = try #require(try Trial.run(.hedging(), answers).outcome.error)
        #expect(error.code == .unavailable)
        #expect(error.reason == nil)
        #expect(!error.wasNeverProcessed)
    }

    @Test("nor does anybody while another attempt was under way")
    func underWay() throws {
        let answers = [Self.reply(1, 50), Self.failure(.busy, 1)]
        let error = try #require(try Trial.run(.hedging(), answers).outcome.error)
        #expect(error.code == .resourceExhausted)
        #expect(error.reason == nil)
    }

    @Test("after attempts that did nothing the last keeps its word")
    func certain() throws {
        let answers = [Self.failure(.unsent, 1), Self.failure(.breakerOpen, 1)]
        let trial = try Trial.run(.hedging(), answers)
        #expect(trial.outcome == .failure(.breakerOpen))
    }
}
