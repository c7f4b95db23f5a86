internal import StrictJSON

/// Verifies tokens of one kind, from one issuer, for one audience (RFC 7519 § 7.2, RFC 8725).
///
/// It takes 2 to 3 µs for HS256, a fraction of that for a token verified before, and reads no
/// clock. Verify on every call, not once per connection.
public struct TokenVerifier: Sendable {
    /// The longest token that is parsed, in bytes.
    public static let tokenBytesMax = CompactToken.bytesMax

    /// The largest clock skew, in seconds.
    public static let skewMax: Int64 = 60

    /// The longest lifetime of a service token, in seconds.
    public static let serviceLifetimeMax: Int64 = 60

    private let keys: KeySet
    private let issuer: String
    private let audience: String
    private let kind: TokenKind
    private let skew: Int64
    private let lastHeader = LastHeader()
    private let known = KnownTokens()

    /// Creates a verifier.
    ///
    /// - Precondition: `skew` is within 0 … `skewMax`.
    public init(
        keys: KeySet,
        issuer: String,
        audience: String,
        kind: TokenKind,
        skew: Int64 = TokenVerifier.skewMax
    ) {
        precondition((0...Self.skewMax).contains(skew), "a clock skew is 0 to 60 seconds")
        self.keys = keys
        self.issuer = issuer
        self.audience = audience
        self.kind = kind
        self.skew = skew
    }

    /// Returns the claims of `token` if it is valid at `now`.
    ///
    /// - Throws: ``TokenError`` for the first check that fails.
    public func verify(_ token: String, at now: UnixSeconds) throws(TokenError) -> Claims {
        guard token.utf8.count <= Self.tokenBytesMax else {
            throw .tooLong(bytes: token.utf8.count)
        }
        if let claims = known.claims(of: token) {
            try checkTimes(claims, at: now)
            return claims
        }
        let claims = try verify(Array(token.utf8), at: now)
        known.remember(token, claims)
        return claims
    }

    func verify(_ text: [UInt8], at now: UnixSeconds) throws(TokenError) -> Claims {
        let token = try CompactToken(text, known: lastHeader.known)
        guard kind.accepts(token.header.type) else { throw .typeRefused }
        try keys.authenticate(token)
        if !token.hasKnownHeader { lastHeader.remember(token) }
        let members = try JSONObject(try token.payload(), part: .payload)
        let claims = try Claims(members)
        try checkParties(claims, isOneAudience: members["aud"]?.string != nil)
        try checkTimes(claims, at: now)
        return claims
    }

    private func checkParties(_ claims: Claims, isOneAudience: Bool) throws(TokenError) {
        guard claims.issuer.hasSameBytes(as: issuer) else { throw .issuerRefused }
        guard kind == .user || isOneAudience else { throw .claimMalformed(.audience) }
        guard claims.audience.contains(where: { $0.hasSameBytes(as: audience) }) else {
            throw .audienceRefused
        }
    }

    private func checkTimes(_ claims: Claims, at time: UnixSeconds) throws(TokenError) {
        let now = min(max(time, 0), .max - Self.skewMax)
        guard claims.expiresAt > now - skew else { throw .expired }
        if let start = claims.notBefore, start > now + skew { throw .notYetValid }
        if let issued = claims.issuedAt, issued > now + skew { throw .issuedInFuture }
        guard kind == .service else { return }
        guard let issued = claims.issuedAt else { throw .claimMissing(.issuedAt) }
        guard claims.expiresAt - issued <= Self.serviceLifetimeMax else { throw .lifetimeTooLong }
    }
}
