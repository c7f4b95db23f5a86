internal import Synchronization

/// The reason why no service token is available.
public enum ServiceTokenError: Error, Sendable, Hashable {
    /// The callee is not in the caller's table.
    case calleeUnknown(String)
    /// OpenSSL failed.
    case crypto(CryptoError)
}

/// Issues the tokens with which a service calls others: one callee, the least scopes, 60 seconds.
///
/// Each token is reused for two thirds of its life. The cache holds one token per callee of the
/// table.
public final class ServiceTokenProvider: Sendable {
    /// The lifetime of a token, in seconds.
    public static let lifetime = TokenVerifier.serviceLifetimeMax

    /// The time for which a token is handed out, in seconds; the rest remains for the call.
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

    /// Creates a provider for one caller.
    ///
    /// - Parameters:
    ///   - caller: The calling service, as `sub`.
    ///   - signer: The key that the services share.
    ///   - issuer: The `iss` that callees expect.
    ///   - scopes: The callees, with the least scopes that this caller needs at each.
    ///   - now: The clock.
    ///   - randomBytes: Returns the given number of random bytes.
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

    /// Returns a token for `callee` with at least a third of its life left.
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
