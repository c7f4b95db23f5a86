import Testing

@testable import TransportCore

@Suite("Errors without the claim that nothing happened")
struct UnvouchedTests {
    private static func vouched(_ code: StatusCode) -> RPCError {
        var error = RPCError(code, "no", reason: "SOME_REASON")
        error.trailers.add("x-other", "stays")
        error.wasNeverProcessed = true
        return error
    }

    @Test("UNAVAILABLE and RESOURCE_EXHAUSTED lose the reason that claims no effect")
    func reasons() {
        for code in [StatusCode.unavailable, .resourceExhausted] {
            let error = Self.vouched(code).unvouched
            #expect(error.reason == nil)
            #expect(error.code == code)
            #expect(error.message == "no")
            #expect(error.trailers == ["x-other": "stays"])
        }
    }

    @Test("other codes keep their reason")
    func answers() {
        for code in [StatusCode.notFound, .alreadyExists, .failedPrecondition] {
            #expect(Self.vouched(code).unvouched.reason == "SOME_REASON")
        }
    }

    @Test("no code keeps wasNeverProcessed", arguments: StatusCode.allCases)
    func neverProcessed(_ code: StatusCode) {
        #expect(Self.vouched(code).unvouched.wasNeverProcessed == false)
    }
}

@Suite("The mark of a request whose call was given up")
struct FailureMarkTests {
    @Test("a mark stays settled, for all its holders")
    func settles() {
        let mark = FailureMark()
        var scope = CallScope()
        scope.failure = mark
        #expect(!mark.isSettled)
        scope.failure?.settle()
        scope.failure?.settle()
        #expect(mark.isSettled)
    }

    @Test("each incoming call has a mark of its own, and no other scope has one")
    func incoming() {
        let scopes = (0..<2).map { _ in CallScope(IncomingCall(method: "a.S/X")) }
        scopes[0].failure?.settle()
        #expect(scopes.map { $0.failure?.isSettled } == [true, false])
        #expect(CallScope().failure == nil)
    }

    @Test("the failure mark does not affect the equality of scopes")
    func equality() {
        let scopes = (0..<2).map { _ in CallScope(IncomingCall(method: "a.S/X")) }
        scopes[0].failure?.settle()
        #expect(scopes[0] == scopes[1])
        #expect(scopes[0] == CallScope())
        #expect(Set(scopes).count == 1)
    }
}
