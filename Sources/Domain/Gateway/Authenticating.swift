/// Tells whom a bearer token speaks for.
package protocol Authenticating: Sendable {
    /// The one that a token names, once everything about the token was checked.
    func authenticate(bearer token: String) throws(AuthenticationError) -> Principal
}

/// Why a token names nobody.
package enum AuthenticationError: Error, Hashable, Sendable {
    /// Malformed, expired, badly signed, or meant for somebody else: which, the client is not told.
    case invalidToken
    /// The keys cannot be had now; the token may be good.
    case unavailable
}

/// Somebody who was authenticated.
package struct Principal: Hashable, Sendable {
    package let subject: Subject
    package let scopes: Set<String>

    package init(subject: Subject, scopes: Set<String>) {
        self.subject = subject
        self.scopes = scopes
    }

    /// Lifts the rule that everybody sees and refunds only their own payments.
    package static let adminScope = "payment:admin"

    /// Whose payments this one may touch; nil: everybody's.
    package var owner: Subject? {
        self.scopes.contains(Self.adminScope) ? nil : self.subject
    }
}

/// The form of a scope (RFC 6749 § 3.3).
enum ScopeName {
    static func isValid(_ scope: String) -> Bool {
        !scope.isEmpty
            && scope.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }
}
