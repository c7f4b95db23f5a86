public import Identity

/// Signs a service's own calls to one other service.
///
/// A token that the call brought along is replaced: a user's never travels past the gateway.
public struct ServiceTokenPolicy: ClientPolicy {
    private let tokens: ServiceTokenProvider
    private let audience: String

    /// A policy that takes tokens for `audience` from `tokens`.
    public init(_ tokens: ServiceTokenProvider, audience: String) {
        self.tokens = tokens
        self.audience = audience
    }

    /// Sets `authorization`.
    ///
    /// - Throws: INTERNAL when there is no token to be had; the call was never sent.
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
