import TestSupport

@testable import Identity

/// Shared fixtures: one secret, a verifier of each kind, and functions that forge tokens.
enum Bench {
    static let now: UnixSeconds = 1_700_000_100

    static func signer(_ secret: String = PyJWT.secret) throws -> TokenSigner {
        try TokenSigner(secret: Array(secret.utf8))
    }

    static func users(_ keys: KeySet? = nil, skew: Int64 = 60) throws -> TokenVerifier {
        TokenVerifier(
            keys: try keys ?? .hs256(secret: PyJWT.secret),
            issuer: "florin",
            audience: "gateway",
            kind: .user,
            skew: skew
        )
    }

    static func services() throws -> TokenVerifier {
        TokenVerifier(
            keys: try .hs256(secret: PyJWT.secret),
            issuer: "florin",
            audience: "ledger",
            kind: .service,
            skew: 5
        )
    }

    /// Signs any header and payload with the right secret.
    static func forge(
        header: String = #"{"alg":"HS256"}"#,
        payload: String = payload()
    ) throws -> String {
        try signer().sign(header: Array(header.utf8), payload: Array(payload.utf8))
    }

    /// A payload whose members can be replaced, or dropped with an empty text.
    static func payload(_ changes: [String: String] = [:], more: String = "") -> String {
        let usual = [
            ("iss", #""florin""#), ("aud", #""gateway""#), ("sub", #""user-1""#),
            ("exp", "1700000400"),
        ]
        let members = usual.map { ($0.0, changes[$0.0] ?? $0.1) }.filter { !$0.1.isEmpty }
        let added = changes.filter { change in !usual.contains { $0.0 == change.key } }
        let all = members + added.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return "{" + all.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + more + "}"
    }
}
