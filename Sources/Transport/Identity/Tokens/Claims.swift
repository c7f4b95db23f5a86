/// What a token says: of one that was verified, or of one to be signed.
public struct Claims: Sendable, Equatable {
    /// Who signed it (`iss`).
    public var issuer: String

    /// Whom it speaks for (`sub`), never empty.
    public var subject: String

    /// Whom it is meant for (`aud`).
    public var audience: [String]

    /// What it allows (`scope`).
    public var scopes: Scopes

    /// When it ends (`exp`).
    public var expiresAt: UnixSeconds

    /// When it was signed (`iat`).
    public var issuedAt: UnixSeconds?

    /// When it begins (`nbf`).
    public var notBefore: UnixSeconds?

    /// Its own name (`jti`).
    public var id: String?

    /// Takes the claims as they are; nothing is checked.
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
