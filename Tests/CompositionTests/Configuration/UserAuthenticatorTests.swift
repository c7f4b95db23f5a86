import Domain
import Identity
import Testing

@testable import Composition

@Suite("users' credentials")
struct UserAuthenticatorTests {
    private static let credentials = Result {
        try Credentials(Variables(["JWT_SECRET_KEY": RunningSystem.secret]) { _ in nil })
    }

    private static func authenticate(_ headers: [String]) throws -> Principal {
        let credentials = try Self.credentials.get()
        let token = try credentials.userTokenIssuer().token(
            for: "alice",
            scopes: "payment:read payment:write",
            at: TestWorld.start,
            lifetime: 60,
            randomBytes: [1]
        )
        let authenticator = UserAuthenticator(verifier: credentials.userVerifier) {
            TestWorld.start
        }
        return try authenticator.authenticate(
            authorization: headers.map { $0.replacing("TOKEN", with: token) }
        )
    }

    @Test(
        "one Authorization header with a bearer token authenticates",
        arguments: ["Bearer TOKEN", "bearer TOKEN", "BEARER   TOKEN"]
    )
    func accepts(header: String) throws {
        let principal = try Self.authenticate([header])
        #expect(principal.subject.text == "alice")
        #expect(principal.scopes == ["payment:read", "payment:write"])
    }

    @Test(
        "no header and another scheme are missing credentials",
        arguments: [[], [""], ["Basic YTpi"], ["Bearerx TOKEN"], [" Bearer TOKEN"], ["TOKEN"]]
    )
    func missing(headers: [String]) {
        #expect(throws: AuthenticationError.missingCredentials) { try Self.authenticate(headers) }
    }

    @Test(
        "two headers, and text outside RFC 6750's b64token, are an invalid token",
        arguments: [
            ["Bearer TOKEN", "Bearer TOKEN"], ["Bearer"], ["Bearer "], ["Bearer a b"],
            ["Bearer TOKEN "], ["Bearer \"TOKEN\""], ["Bearer TOKEN,TOKEN"], ["Bearer TOKEN!"],
            ["Bearer é"], ["Bearer a=b"], ["Bearer ="], ["Bearer bad"],
        ]
    )
    func invalid(headers: [String]) {
        #expect(throws: AuthenticationError.invalidToken) { try Self.authenticate(headers) }
    }

    @Test("without keys a readable token is not judged, and a malformed one is invalid")
    func noKeys() {
        let verifier = UserVerifier(issuer: "i", audience: "a")
        let authenticator = UserAuthenticator(verifier: verifier) { TestWorld.start }
        #expect(throws: AuthenticationError.unavailable) {
            try authenticator.authenticate(authorization: ["Bearer a.b.c"])
        }
        #expect(throws: AuthenticationError.invalidToken) {
            try authenticator.authenticate(authorization: ["Bearer a b"])
        }
    }
}
