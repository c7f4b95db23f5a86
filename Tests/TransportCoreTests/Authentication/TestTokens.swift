import Identity
import Synchronization

/// A clock set by a test, in seconds since 1970.
final class TestTime: Sendable {
    private let seconds: Mutex<UnixSeconds>

    init(_ seconds: UnixSeconds) { self.seconds = Mutex(seconds) }

    var now: UnixSeconds {
        get { self.seconds.withLock { $0 } }
        set { self.seconds.withLock { $0 = newValue } }
    }
}

/// Tokens of the service `payment` and of a user.
enum TestTokens {
    static let secret = "a secret for the tests of authentication"
    static let issuer = "florin"

    static func provider(
        _ time: TestTime,
        _ audience: String,
        _ scopes: Scopes,
        secret: String = secret
    ) throws -> ServiceTokenProvider {
        ServiceTokenProvider(
            "payment",
            signer: try TokenSigner(secret: Array(secret.utf8)),
            issuer: Self.issuer,
            scopes: [audience: scopes],
            now: { time.now },
            randomBytes: { [UInt8](repeating: 7, count: $0) }
        )
    }

    /// A user's token that is valid except for its kind.
    static func user(_ time: TestTime) throws -> String {
        let signer = try TokenSigner(secret: Array(Self.secret.utf8))
        return try UserTokenIssuer(signer: signer, issuer: Self.issuer, audience: "ledger").token(
            for: "payment",
            scopes: "ledger:write",
            at: time.now,
            lifetime: 60,
            randomBytes: [UInt8](repeating: 7, count: 16)
        )
    }
}
