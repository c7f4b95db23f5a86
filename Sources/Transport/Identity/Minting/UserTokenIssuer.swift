/// Issues user tokens for `runtime token`, tests, and a first start without an identity provider.
public struct UserTokenIssuer: Sendable {
    private let signer: TokenSigner
    private let issuer: String
    private let audience: String

    /// Creates an issuer of tokens for `audience`.
    public init(signer: TokenSigner, issuer: String, audience: String) {
        self.signer = signer
        self.issuer = issuer
        self.audience = audience
    }

    /// Issues a token for `subject` that lives `lifetime` seconds from `now`.
    ///
    /// - Parameters:
    ///   - subject: The user; not empty.
    ///   - scopes: The allowed scopes.
    ///   - now: The time of signing.
    ///   - lifetime: The lifetime in seconds.
    ///   - randomBytes: 16 fresh random bytes for `jti`.
    ///
    /// - Returns: The token in compact form.
    /// - Throws: `CryptoError` when OpenSSL fails.
    public func token(
        for subject: String,
        scopes: Scopes,
        at now: UnixSeconds,
        lifetime: Int64,
        randomBytes: [UInt8]
    ) throws(CryptoError) -> String {
        precondition(!subject.isEmpty, "a user token needs a subject")
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
