/// The reason for refusing a token, for logs and tests.
///
/// The peer always sees UNAUTHENTICATED. No case holds text of the token, so all may be logged.
public enum TokenError: Error, Sendable, Hashable {
    /// A part of a token between its dots.
    public enum Part: String, Sendable, Hashable, CaseIterable {
        case header
        case payload
        case signature
    }

    /// A claim, by its name in the token.
    public enum Claim: String, Sendable, Hashable, CaseIterable {
        case issuer = "iss"
        case audience = "aud"
        case subject = "sub"
        case expiry = "exp"
        case notBefore = "nbf"
        case issuedAt = "iat"
        case id = "jti"
        case scope
    }

    case tooLong(bytes: Int)
    case notThreeParts
    case partEmpty(Part)
    case partNotBase64URL(Part)
    case partNotJSON(Part, reason: String)
    case partNotObject(Part)
    case headerMalformed(parameter: String)
    case headerRefused(parameter: String)
    case algorithmRefused
    case typeRefused
    case keyUnknown
    case signatureRefused
    case claimMissing(Claim)
    case claimMalformed(Claim)
    case issuerRefused
    case audienceRefused
    case expired
    case notYetValid
    case issuedInFuture
    case lifetimeTooLong
    case crypto(CryptoError)
}
