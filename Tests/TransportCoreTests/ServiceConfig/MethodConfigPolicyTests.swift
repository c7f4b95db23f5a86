import Testing
import TransportCore

@Suite("The method config policy")
struct MethodConfigPolicyTests {
    private static func policy() -> MethodConfigPolicy {
        var slow = MethodConfig(names: [MethodConfig.Name(service: "a.S", method: "Slow")])
        slow.waitForReady = true
        slow.compression = .gzip
        var service = MethodConfig(names: [MethodConfig.Name(service: "a.S")])
        service.timeout = .seconds(2)
        var config = ServiceConfig()
        config.methods = [slow, service]
        return MethodConfigPolicy(config)
    }

    private func prepared(
        _ method: String,
        timeout: Duration? = nil,
        waitForReady: Bool = false
    ) throws -> OutgoingCall {
        var call = OutgoingCall(method: method, timeout: timeout, waitForReady: waitForReady)
        try Self.policy().prepare(&call)
        return call
    }

    @Test("the method's timeout is the longest that a call may have")
    func timeout() throws {
        #expect(try self.prepared("a.S/X").timeout == .seconds(2))
        #expect(try self.prepared("a.S/X", timeout: .seconds(1)).timeout == .seconds(1))
        #expect(try self.prepared("a.S/X", timeout: .seconds(3)).timeout == .seconds(2))
    }

    @Test("a method without a timeout keeps the call's own")
    func noTimeout() throws {
        #expect(try self.prepared("a.S/Slow").timeout == nil)
        #expect(try self.prepared("a.S/Slow", timeout: .seconds(9)).timeout == .seconds(9))
        #expect(try self.prepared("b.S/X", timeout: .seconds(9)).timeout == .seconds(9))
    }

    @Test("a call may be compressed when its method is configured so")
    func compression() throws {
        #expect(try self.prepared("a.S/Slow").mayCompress)
        #expect(try self.prepared("a.S/X").mayCompress == false)
    }

    @Test("a call waits for ready when either it or its method asks for it")
    func waitForReady() throws {
        #expect(try self.prepared("a.S/Slow").waitForReady)
        #expect(try self.prepared("a.S/X", waitForReady: true).waitForReady)
        #expect(try self.prepared("a.S/X").waitForReady == false)
    }
}
