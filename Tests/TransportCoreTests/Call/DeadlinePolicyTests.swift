import Simulation
import Testing
import TransportCore

@Suite("Policies of outgoing calls")
struct DeadlinePolicyTests {
    private let clock = VirtualClock()

    /// The timeout of a call with the timeout `own`, in a scope with `inherited` left.
    private func timeout(own: Duration?, inherited: Duration?) throws -> Duration? {
        let timeline = Timeline(self.clock)
        let policy = DeadlinePolicy(timeline: timeline, limit: .seconds(10))
        let deadline = inherited.map { timeline.now.advanced(by: $0) }
        return try CallScope.$current.withValue(CallScope(deadline: deadline)) {
            var call = OutgoingCall(method: "a.S/X", timeout: own)
            try policy.prepare(&call)
            return call.timeout
        }
    }

    @Test("without other timeouts the limit applies")
    func limit() throws {
        #expect(try self.timeout(own: nil, inherited: nil) == .seconds(10))
    }

    @Test("the shortest of limit, own timeout and remaining time wins")
    func shortest() throws {
        #expect(try self.timeout(own: .seconds(3), inherited: nil) == .seconds(3))
        #expect(try self.timeout(own: .seconds(30), inherited: nil) == .seconds(10))
        #expect(try self.timeout(own: .seconds(3), inherited: .seconds(60)) == .seconds(3))
        let left = Duration.seconds(2) - .milliseconds(5)
        #expect(try self.timeout(own: .seconds(3), inherited: .seconds(2)) == left)
        #expect(try self.timeout(own: nil, inherited: .seconds(2)) == left)
    }

    @Test("without remaining time the call is not sent", arguments: [5, 1, 0, -1_000])
    func nothingLeft(_ milliseconds: Int) {
        let error = #expect(throws: RPCError.self) {
            try self.timeout(own: nil, inherited: .milliseconds(milliseconds))
        }
        #expect(error?.code == .deadlineExceeded)
        #expect(error?.wasNeverProcessed == true)
    }

    @Test("a timeout of zero is refused, too")
    func ownNothing() {
        #expect(throws: RPCError.self) { try self.timeout(own: .zero, inherited: nil) }
    }

    @Test("the request's ids are added when the scope has them")
    func context() throws {
        var call = OutgoingCall(method: "a.S/X")
        try RequestContextPolicy().prepare(&call)
        #expect(call.metadata.isEmpty)
        try CallScope.$current.withValue(CallScope(requestID: "r", traceParent: "t")) {
            try RequestContextPolicy().prepare(&call)
        }
        #expect(call.metadata == ["x-request-id": "r", "traceparent": "t"])
    }
}
