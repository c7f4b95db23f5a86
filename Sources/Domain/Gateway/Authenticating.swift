/// Authenticates requests by their bearer tokens.
package protocol Authenticating: Sendable {
    /// Reads the token from the values of the `Authorization` header, verifies it completely and
    /// returns its principal.
    func authenticate(authorization: [String]) throws(AuthenticationError) -> Principal
}

/// Reasons to refuse a request's credentials.
package enum AuthenticationError: Error, Hashable, Sendable {
    /// No header, or another scheme than `Bearer`.
    case missingCredentials
    /// Malformed, expired, badly signed or for another audience; clients are not told which.
    case invalidToken
    /// The verification keys are unavailable at the moment; the token may be good.
    case unavailable
}

/// An authenticated caller.
package struct Principal: Hashable, Sendable {
    package let subject: Subject
    package let scopes: Set<String>

    package init(subject: Subject, scopes: Set<String>) {
        self.subject = subject
        self.scopes = scopes
    }

    /// The subject whose payments this principal may access; nil for all.
    package var owner: Subject? {
        self.scopes.contains(Scope.paymentAdmin) ? nil : self.subject
    }
}
