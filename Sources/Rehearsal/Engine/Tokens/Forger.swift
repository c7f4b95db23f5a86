package import Identity
package import Scenarios

/// Makes tokens that are right in everything but one.
package struct Forger: Sendable {
    private let signer: TokenSigner
    private let issuer: String

    /// More than the skew that judges allow, in seconds.
    private static let beyondSkew = TokenVerifier.skewMax * 2

    /// A forger with this key, who says that the tokens are of `issuer`.
    package init(signer: TokenSigner, issuer: String) {
        self.signer = signer
        self.issuer = issuer
    }

    /// A token that must be refused for what `fault` is about; nil when it is not about tokens.
    package func token(
        for fault: FaultPlan.Kind,
        _ subject: String,
        audience: String,
        scopes: Scopes,
        at now: UnixSeconds,
        as kind: TokenKind
    ) -> String? {
        var claims = Claims(
            issuer: self.issuer,
            subject: subject,
            audience: [audience],
            scopes: scopes,
            expiresAt: now + TokenVerifier.serviceLifetimeMax,
            issuedAt: now,
            id: "forged"
        )
        switch fault {
        case .authExpire: claims.shift(by: -Self.beyondSkew)
        case .authNotBefore: claims.shift(by: Self.beyondSkew)
        case .authDropScope: claims.scopes = "drill:nothing"
        case .authWrongAudience: claims.audience = ["somebody-else"]
        default: return nil
        }
        return try? self.signer.sign(claims, as: kind)
    }
}

extension Claims {
    fileprivate mutating func shift(by seconds: Int64) {
        self.expiresAt += seconds
        self.issuedAt = self.issuedAt.map { $0 + seconds }
    }
}
