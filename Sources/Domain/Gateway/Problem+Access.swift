extension Problem {
    /// Missing token; the challenge carries no error code (RFC 6750 § 3.1).
    static let missingCredentials = Problem(
        .missingCredentials,
        "Send Authorization: Bearer and a token.",
        headers: [.init("WWW-Authenticate", #"Bearer realm="florin""#)]
    )

    /// A rejected token, or more than one.
    static let invalidToken = Problem(
        .invalidToken,
        "The token is malformed, expired, or not for this service.",
        headers: [
            .init("WWW-Authenticate", #"Bearer realm="florin", error="invalid_token""#)
        ]
    )

    /// A valid token without the required scope.
    static func insufficientScope(_ scope: String) -> Problem {
        let scope = Scope.isValid(scope) ? scope : ""
        let challenge = #"Bearer realm="florin", error="insufficient_scope", scope="\#(scope)""#
        return Problem(
            .insufficientScope,
            "This needs the scope \(scope).",
            headers: [.init("WWW-Authenticate", challenge)]
        )
    }
}
