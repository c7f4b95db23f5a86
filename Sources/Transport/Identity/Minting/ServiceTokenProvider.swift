internal import Synchronization

/// Why there is no service token.
public enum ServiceTokenError: Error, Sendable, Hashable {
    /// The table of this caller does not have the callee.
    case calleeUnknown(String)
    /// OpenSSL failed.
    case crypto(CryptoError)
}

/// Makes the tokens by which one service calls the others: one callee, the least scope, 60 seconds.
///
/// A token is used again for two thirds of its life. The cache is bounded by the table of callees,
/// because only those get tokens.
public final class ServiceTokenProvider: Sendable {
    /// How long a token lives, in seconds.
    public static let lifetime = TokenVerifier.serviceLifetimeMax

    /// How long a token is given out, in seconds; what is left is for the call.
    public static let reuse = lifetime * 2 / 3

    private static let idBytes = 16

    private struct Minted {
        let token: String
        let at: UnixSeconds
    }

    private let caller: String
    private let signer: TokenSigner
    private let issuer: String
    private let scopes: [String: Scopes]
    private let now: @Sendable () -> UnixSeconds
    private let randomBytes: @Sendable (Int) -> [UInt8]
    private let minted = Mutex<[String: Minted]>([:])

    /// Names the caller and what it may ask of whom.
    ///
    /// - Parameters:
    ///   - caller: The service that calls, as `sub`.
    ///   - signer: The key that services share.
    ///   - issuer: The `iss` that callees expect.
    ///   - scopes: The callees, and the least that this caller needs at each.
    ///   - now: The clock.
    ///   - randomBytes: A source of that many random bytes.
    public init(
        _ caller: String,
        signer: TokenSigner,
        issuer: String,
        scopes: [String: Scopes],
        now: @escaping @Sendable () -> UnixSeconds,
        randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.caller = caller
        self.signer = signer
        self.issuer = issuer
        self.scopes = scopes
        self.now = now
        self.randomBytes = randomBytes
    }

    /// Returns a token for a callee with at least a third of its life before it.
    public func token(for callee: String) throws(ServiceTokenError) -> String {
        let now = now()
        let cached = minted.withLock { $0[callee] }
        if let cached, (cached.at..<cached.at + Self.reuse).contains(now) { return cached.token }
        let token = try mint(for: callee, at: now)
        minted.withLock { $0[callee] = Minted(token: token, at: now) }
        return token
    }

    private func mint(for callee: String, at now: UnixSeconds) throws(ServiceTokenError) -> String {
        guard let scopes = scopes[callee] else { throw .calleeUnknown(callee) }
        let claims = Claims(
            issuer: issuer,
            subject: caller,
            audience: [callee],
            scopes: scopes,
            expiresAt: now + Self.lifetime,
            issuedAt: now,
            id: Base64URL.text(randomBytes(Self.idBytes))
        )
        do {
            return try signer.sign(claims, as: .service)
        } catch {
            throw .crypto(error)
        }
    }
}
