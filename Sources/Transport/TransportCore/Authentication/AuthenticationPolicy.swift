public import Identity

/// Lets calls pass whose token allows the method, and says who calls.
///
/// A token is judged on every call, by its headers, before a message is read: a connection has no
/// identity. Why a token was refused stays here, because it would help only to forge a better one.
public struct AuthenticationPolicy: ServerPolicy {
    private let verifier: TokenVerifier
    private let table: MethodPolicies
    private let now: @Sendable () -> UnixSeconds

    /// A policy that judges tokens with `verifier`, for methods as `table` says, at the time `now`.
    public init(
        verifier: TokenVerifier,
        table: MethodPolicies,
        now: @escaping @Sendable () -> UnixSeconds
    ) {
        self.verifier = verifier
        self.table = table
        self.now = now
    }

    /// Sets ``IncomingCall/caller``, except for methods that are open to anybody.
    ///
    /// - Throws: UNAUTHENTICATED without one good token; PERMISSION_DENIED when it lacks the scope,
    ///   and for a method that has no entry in the table.
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
            throw RPCError(.permissionDenied, "nobody may call '\(call.method.prefix(256))'")
        }
    }

    /// Checks that the table has the methods of the server, and no others.
    ///
    /// - Throws: every difference, by name.
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
