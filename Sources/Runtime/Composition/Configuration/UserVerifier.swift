package import Domain
package import Identity
import Synchronization

/// Judges users' tokens, by keys that may be replaced while the process runs.
package final class UserVerifier: Sendable {
    private let issuer: String
    private let audience: String
    private let current = Mutex<TokenVerifier?>(nil)

    /// A verifier that knows nobody until it has ``adopt(_:)``ed keys.
    init(issuer: String, audience: String) {
        self.issuer = issuer
        self.audience = audience
    }

    /// Judges by `keys` from now on.
    package func adopt(_ keys: KeySet) {
        let verifier = TokenVerifier(
            keys: keys,
            issuer: self.issuer,
            audience: self.audience,
            kind: .user
        )
        self.current.withLock { $0 = verifier }
    }

    /// What a token says at `now`.
    ///
    /// - Throws: `unavailable` as long as there are no keys.
    package func verify(
        _ token: String,
        at now: UnixSeconds
    ) throws(AuthenticationError) -> Claims {
        guard let verifier = self.current.withLock({ $0 }) else { throw .unavailable }
        do throws(TokenError) {
            return try verifier.verify(token, at: now)
        } catch {
            throw .invalidToken
        }
    }
}
