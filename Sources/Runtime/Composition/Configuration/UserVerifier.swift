package import Domain
package import Identity
import Synchronization

/// Verifies users' tokens, with keys that can be replaced at run time.
package final class UserVerifier: Sendable {
    private let issuer: String
    private let audience: String
    private let current = Mutex<TokenVerifier?>(nil)

    /// A verifier without keys, which accepts no token until ``adopt(_:)``.
    init(issuer: String, audience: String) {
        self.issuer = issuer
        self.audience = audience
    }

    /// Replaces the keys.
    package func adopt(_ keys: KeySet) {
        let verifier = TokenVerifier(
            keys: keys,
            issuer: self.issuer,
            audience: self.audience,
            kind: .user
        )
        self.current.withLock { $0 = verifier }
    }

    /// Verifies a token at `now` and returns its claims.
    ///
    /// - Throws: `unavailable` before the first keys, `invalidToken` for a bad token.
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

    /// Verifies the token in the values of the `Authorization` header.
    package func verify(
        authorization: [String],
        at now: UnixSeconds
    ) throws(AuthenticationError) -> Claims {
        let credential: BearerCredential
        do throws(BearerCredential.Refusal) {
            credential = try BearerCredential(authorization: authorization)
        } catch .missing, .foreignScheme {
            throw .missingCredentials
        } catch {
            throw .invalidToken
        }
        return try self.verify(credential.token, at: now)
    }
}
