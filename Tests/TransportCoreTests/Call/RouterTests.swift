import Synchronization
import Testing
import TransportCore

/// Records each call that it admits or refuses; refuses those of one method.
private final class Recorder: ServerPolicy {
    let seen = Mutex<[String]>([])
    let refused: String

    init(refusing refused: String = "") { self.refused = refused }

    func admit(_ call: inout IncomingCall) throws(RPCError) {
        self.seen.withLock { $0.append(call.method) }
        guard call.method != self.refused else { throw RPCError(.permissionDenied, "not you") }
    }
}

/// Knows no method.
private struct Ignorant: ServerPolicy {
    func admit(_ call: inout IncomingCall) throws(RPCError) {}

    func validate(_ methods: [RegisteredMethod]) throws(ConfigurationError) {
        if let first = methods.first { throw ConfigurationError("no scope for \(first.name)") }
    }
}

@Suite("The router")
struct RouterTests {
    private func method(_ name: String) -> RegisteredMethod {
        RegisteredMethod(name: name, kind: .unary, handler: .unary { _, m in UnaryReply(m) })
    }

    private func refusal(_ router: Router, _ name: String) -> RPCError? {
        guard case .failure(let error) = router.admit(IncomingCall(method: name)) else {
            return nil
        }
        return error
    }

    @Test("a registered method is admitted")
    func admits() throws {
        let router = try Router([self.method("b.S/Y"), self.method("a.S/X")], policies: [])
        #expect(self.refusal(router, "a.S/X") == nil)
        #expect(router.methodNames == ["a.S/X", "b.S/Y"])
    }

    @Test("an unknown method's error tells whether its service exists")
    func unknown() throws {
        let router = try Router([self.method("a.S/X")], policies: [])
        #expect(self.refusal(router, "a.S/Z") == RPCError(.unimplemented, "no method 'a.S/Z' here"))
        #expect(self.refusal(router, "b.T/X") == RPCError(.unimplemented, "no service 'b.T' here"))
        for name in ["", "/", "a.S", "a.S/", "/a.S/X", "A.S/X"] {
            #expect(self.refusal(router, name)?.code == .unimplemented)
        }
    }

    @Test("a long name from a peer is cut in the error")
    func longName() throws {
        let router = try Router([self.method("a.S/X")], policies: [])
        let name = "a.S/" + String(repeating: "x", count: 100_000)
        #expect((self.refusal(router, name)?.message.utf8.count ?? .max) < 500)
    }

    @Test("policies run in order until one refuses, and not for an unknown method")
    func policies() throws {
        let (first, second) = (Recorder(refusing: "a.S/X"), Recorder())
        let methods = [self.method("a.S/X"), self.method("a.S/Y")]
        let router = try Router(methods, policies: [first, second])
        #expect(self.refusal(router, "a.S/X")?.code == .permissionDenied)
        #expect(self.refusal(router, "a.S/Y") == nil)
        #expect(self.refusal(router, "a.S/Z")?.code == .unimplemented)
        #expect(first.seen.withLock { $0 } == ["a.S/X", "a.S/Y"])
        #expect(second.seen.withLock { $0 } == ["a.S/Y"])
    }

    @Test("a server that cannot start gives the reason")
    func configuration() {
        #expect(throws: ConfigurationError("method 'a.S/X' is registered twice")) {
            try Router([self.method("a.S/X"), self.method("a.S/X")], policies: [])
        }
        #expect(throws: ConfigurationError("no scope for a.S/X")) {
            try Router([self.method("a.S/X")], policies: [Ignorant()])
        }
    }
}
