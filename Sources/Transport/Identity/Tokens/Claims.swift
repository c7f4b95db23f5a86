/// The claims of a verified token, or of one to sign.
public struct Claims: Sendable, Equatable {
    /// The issuer (`iss`).
    public var issuer: String

    /// The user or service that the token represents (`sub`); never empty.
    public var subject: String

    /// The services that may accept the token (`aud`).
    public var audience: [String]

    /// The allowed scopes (`scope`).
    public var scopes: Scopes

    /// The end of validity (`exp`).
    public var expiresAt: UnixSeconds

    /// The time of signing (`iat`).
    public var issuedAt: UnixSeconds?

    /// The start of validity (`nbf`).
    public var notBefore: UnixSeconds?

    /// The id of the token (`jti`).
    public var id: String?

    /// Creates claims without checking them.
    public init(
        issuer: String,
        subject: String,
        audience: [String],
        scopes: Scopes = "",
        expiresAt: UnixSeconds,
        issuedAt: UnixSeconds? = nil,
        notBefore: UnixSeconds? = nil,
        id: String? = nil
    ) {
        self.issuer = issuer
        self.subject = subject
        self.audience = audience
        self.scopes = scopes
        self.expiresAt = expiresAt
        self.issuedAt = issuedAt
        self.notBefore = notBefore
        self.id = id
    }
}
