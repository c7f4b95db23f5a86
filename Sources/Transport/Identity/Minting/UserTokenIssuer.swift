/// Makes user tokens: for `runtime token`, for tests, for a first start without an identity provider.
public struct UserTokenIssuer: Sendable {
    private let signer: TokenSigner
    private let issuer: String
    private let audience: String

    /// Names who signs and for whom.
    public init(signer: TokenSigner, issuer: String, audience: String) {
        self.signer = signer
        self.issuer = issuer
        self.audience = audience
    }

    /// Returns a token for `subject` that lives `lifetime` seconds from `now`.
    ///
    /// - Parameters:
    ///   - subject: Whom it speaks for; not empty.
    ///   - scopes: What it allows.
    ///   - now: When it is signed.
    ///   - lifetime: How many seconds it lives.
    ///   - randomBytes: 16 fresh random bytes, which become its `jti`.
    /// - Returns: The token in its compact form.
    /// - Throws: `CryptoError` when OpenSSL fails.
    public func token(
        for subject: String,
        scopes: Scopes,
        at now: UnixSeconds,
        lifetime: Int64,
        randomBytes: [UInt8]
    ) throws(CryptoError) -> String {
        precondition(!subject.isEmpty, "a token speaks for somebody")
        let claims = Claims(
            issuer: issuer,
            subject: subject,
            audience: [audience],
            scopes: scopes,
            expiresAt: now + lifetime,
            issuedAt: now,
            id: Base64URL.text(randomBytes)
        )
        return try signer.sign(claims, as: .user)
    }
}
