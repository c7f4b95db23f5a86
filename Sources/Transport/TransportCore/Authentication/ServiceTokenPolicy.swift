public import Identity

/// Adds this service's own token to its calls to one other service.
///
/// Replaces any token already on the call, so that a user's token never passes the gateway.
public struct ServiceTokenPolicy: ClientPolicy {
    private let tokens: ServiceTokenProvider
    private let audience: String

    /// Creates a policy that takes tokens for `audience` from `tokens`.
    public init(_ tokens: ServiceTokenProvider, audience: String) {
        self.tokens = tokens
        self.audience = audience
    }

    /// Sets `authorization`.
    ///
    /// - Throws: INTERNAL when no token is available; the call is not sent.
    public func prepare(_ call: inout OutgoingCall) throws(RPCError) {
        let token = try self.token()
        call.metadata.remove("authorization")
        call.metadata.add("authorization", "Bearer \(token)")
    }

    private func token() throws(RPCError) -> String {
        do {
            return try self.tokens.token(for: self.audience)
        } catch {
            let message = "no service token for '\(self.audience)'"
            throw RPCError(.internalError, message, wasNeverProcessed: true)
        }
    }
}
