/// Completes or refuses a call before it is sent.
///
/// Policies run in order in the caller's task and do not wait.
public protocol ClientPolicy: Sendable {
    /// Adds this policy's fields to `call`.
    ///
    /// - Throws: the status for the caller; the call is not sent.
    func prepare(_ call: inout OutgoingCall) throws(RPCError)
}

/// A channel that applies policies to each call.
public struct PolicyChannel: Channel {
    private let base: any Channel
    private let policies: [any ClientPolicy]

    /// Wraps `base` and runs `policies` in order before each call.
    public init(_ base: any Channel, policies: [any ClientPolicy]) {
        self.base = base
        self.policies = policies
    }

    /// Prepares the call, sends one message and returns the one reply.
    public func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply
    {
        try await self.base.unary(try self.prepared(call), message)
    }

    /// Prepares the call, then opens it.
    public func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        try await self.base.open(try self.prepared(call))
    }

    private func prepared(_ call: OutgoingCall) throws(RPCError) -> OutgoingCall {
        var call = call
        for policy in self.policies { try policy.prepare(&call) }
        return call
    }
}
