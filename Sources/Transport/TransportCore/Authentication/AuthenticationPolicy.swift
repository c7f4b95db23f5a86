public import Identity

/// Admits a call only with a token whose scope allows the method, and records the caller.
///
/// Each call's token is verified from its headers before a message is read; a connection has no
/// identity. The reason for a refused token is not told: it would help an attacker to forge a
/// better one.
public struct AuthenticationPolicy: ServerPolicy {
    private let verifier: TokenVerifier
    private let table: MethodPolicies
    private let now: @Sendable () -> UnixSeconds

    /// Creates a policy that verifies tokens with `verifier` at the time `now`, under the access
    /// rules of `table`.
    public init(
        verifier: TokenVerifier,
        table: MethodPolicies,
        now: @escaping @Sendable () -> UnixSeconds
    ) {
        self.verifier = verifier
        self.table = table
        self.now = now
    }

    /// Sets ``IncomingCall/caller``, except for open methods.
    ///
    /// - Throws: UNAUTHENTICATED unless there is exactly one valid token; PERMISSION_DENIED when
    ///   the token lacks the scope, and for a method without an entry in the table.
    public func admit(_ call: inout IncomingCall) throws(RPCError) {
        switch self.table.access(to: call.method) {
        case .open: return
        case .scope(let scope):
            let caller = try self.caller(of: call)
            guard caller.scopes.contains(scope) else {
                throw RPCError(.permissionDenied, "the token lacks scope '\(scope)'")
            }
            call.caller = caller
        case nil:
            throw RPCError(.permissionDenied, "'\(call.method.prefix(256))' is open to no caller")
        }
    }

    /// Checks that the table has every method of the server and no other.
    ///
    /// - Throws: a ``ConfigurationError`` that names every difference.
    public func validate(_ methods: [RegisteredMethod]) throws(ConfigurationError) {
        try self.table.validate(methods)
    }

    private func caller(of call: IncomingCall) throws(RPCError) -> Claims {
        let credential = try Self.credential(call.metadata)
        do {
            return try self.verifier.verify(credential.token, at: self.now())
        } catch {
            throw RPCError(.unauthenticated, "the token is not valid here")
        }
    }

    private static func credential(_ metadata: Metadata) throws(RPCError) -> BearerCredential {
        do {
            return try BearerCredential(authorization: metadata.texts("authorization"))
        } catch {
            throw RPCError(.unauthenticated, error.explanation)
        }
    }
}

extension BearerCredential.Refusal {
    fileprivate var explanation: String {
        switch self {
        case .missing: "a token is needed: 'authorization: Bearer <token>'"
        case .repeated: "there is more than one 'authorization'"
        case .foreignScheme: "the scheme of 'authorization' is not Bearer"
        case .malformed: "'authorization' holds no bearer token"
        }
    }
}
