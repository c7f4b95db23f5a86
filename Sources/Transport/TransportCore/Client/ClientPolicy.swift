/// Says more about a call before it leaves, or refuses it.
///
/// Policies run in order in the caller's task and do not wait.
public protocol ClientPolicy: Sendable {
    /// Adds to `call` what the policy knows.
    ///
    /// - Throws: the status that the caller gets instead.
    func prepare(_ call: inout OutgoingCall) throws(RPCError)
}

/// A channel with policies in front.
public struct PolicyChannel: Channel {
    private let base: any Channel
    private let policies: [any ClientPolicy]

    /// `base`, with `policies` run in order before every call.
    public init(_ base: any Channel, policies: [any ClientPolicy]) {
        self.base = base
        self.policies = policies
    }

    /// Prepares the call, then sends one message and returns the one answer.
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
