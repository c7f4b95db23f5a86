import Testing

@testable import TransportCore

@Suite("Errors after an attempt that may have taken effect")
struct UncertainRetryTests {
    /// The error of a call whose attempts fail with `errors`.
    private func error(_ config: ServiceConfig, _ errors: RPCError...) throws -> RPCError {
        let answers = errors.map { ScriptedChannel.Answer.failure($0, after: .milliseconds(1)) }
        let trial = try Trial.run(config, answers)
        #expect(trial.attempts.count == errors.count)
        return try #require(trial.outcome.error)
    }

    @Test("a breaker's refusal loses its reason and its claim of no effect")
    func breaker() throws {
        let error = try self.error(.retrying(), .away, .breakerOpen)
        #expect(error.code == .unavailable)
        #expect(error.reason == nil)
        #expect(!error.wasNeverProcessed)
        #expect(error.pushback == .never)
    }

    @Test("an attempt that was never sent loses its claim of no effect")
    func unsent() throws {
        let error = try self.error(.retrying(attempts: 2), .away, .unsent)
        #expect(error.code == .unavailable)
        #expect(!error.wasNeverProcessed)
    }

    @Test("a server that sheds load loses its reason")
    func busy() throws {
        let error = try self.error(.retrying(), .away, .busy)
        #expect(error.code == .resourceExhausted)
        #expect(error.reason == nil)
    }

    @Test("the uncertain attempt may be any before the last")
    func anyBefore() throws {
        let beginnings: [[RPCError]] = [[.unsent, .away], [.away, .unsent], [.reasoned, .away]]
        for errors in beginnings {
            let error = try self.error(.retrying(), errors[0], errors[1], .breakerOpen)
            #expect(error.reason == nil)
            #expect(!error.wasNeverProcessed)
        }
    }

    @Test("after attempts without effect the last keeps its reason and claim")
    func certain() throws {
        for earlier in [RPCError.unsent, .reasoned] {
            #expect(try self.error(.retrying(), earlier, .breakerOpen) == .breakerOpen)
        }
    }

    @Test("an unsent last attempt does not prove that the first had no effect")
    func deadline() throws {
        let late = RPCError(.deadlineExceeded, "no time is left", wasNeverProcessed: true)
        let error = try self.error(.retrying(), .away, late)
        #expect(error.code == .deadlineExceeded)
        #expect(!error.wasNeverProcessed)
    }

    @Test("an answer stays unchanged after an uncertain attempt")
    func answer() throws {
        let conflict = RPCError(.alreadyExists, "other amount", reason: "CONFLICT")
        #expect(try self.error(.retrying(), .away, conflict) == conflict)
    }
}

extension RPCError {
    /// The server's reason proves that the call had no effect.
    fileprivate static let reasoned = RPCError(.unavailable, "not yet", reason: "UNAVAILABLE")
}
