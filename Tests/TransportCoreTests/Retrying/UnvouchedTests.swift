import Testing

@testable import TransportCore

@Suite("The word that nothing happened")
struct UnvouchedTests {
    private static func vouched(_ code: StatusCode) -> RPCError {
        var error = RPCError(code, "no", reason: "SOME_REASON")
        error.trailers.add("x-other", "stays")
        error.wasNeverProcessed = true
        return error
    }

    @Test("UNAVAILABLE and RESOURCE_EXHAUSTED lose their reason, which says that nothing happened")
    func reasons() {
        for code in [StatusCode.unavailable, .resourceExhausted] {
            let error = Self.vouched(code).unvouched
            #expect(error.reason == nil)
            #expect(error.code == code)
            #expect(error.message == "no")
            #expect(error.trailers == ["x-other": "stays"])
        }
    }

    @Test("other codes keep their reason, which is an answer")
    func answers() {
        for code in [StatusCode.notFound, .alreadyExists, .failedPrecondition] {
            #expect(Self.vouched(code).unvouched.reason == "SOME_REASON")
        }
    }

    @Test("no code says any more that the call was never processed", arguments: StatusCode.allCases)
    func neverProcessed(_ code: StatusCode) {
        #expect(Self.vouched(code).unvouched.wasNeverProcessed == false)
    }
}

@Suite("The mark of a call that was given up")
struct FailureMarkTests {
    @Test("a mark is settled for good, for all who hold it")
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

    @Test("what became of calls is no part of what a scope is")
    func equality() {
        let scopes = (0..<2).map { _ in CallScope(IncomingCall(method: "a.S/X")) }
        scopes[0].failure?.settle()
        #expect(scopes[0] == scopes[1])
        #expect(scopes[0] == CallScope())
        #expect(Set(scopes).count == 1)
    }
}
