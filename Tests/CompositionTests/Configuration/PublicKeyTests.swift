import Domain
import Identity
import TestSupport
import Testing

@testable import Composition

@Suite("Users' tokens under public keys")
struct PublicKeyTests {
    private static let path = "/etc/florin/jwks.json"
    private static let example = "(example: JWT_JWKS_FILE=\(path))"

    private static let tokens = [
        "RS256": PyJWT.rs256, "ES256": PyJWT.es256, "EdDSA": PyJWT.edDSA,
    ]

    private static func read(
        _ algorithm: String?,
        jwks: String? = PyJWT.jwksText,
        path: String? = Self.path
    ) throws(ConfigurationProblem) -> Credentials {
        var values = ["JWT_SECRET_KEY": RunningSystem.secret]
        values["JWT_ALGORITHM"] = algorithm
        values["JWT_JWKS_FILE"] = path
        return try Credentials(
            Variables(values) { $0 == Self.path ? jwks.map { Array($0.utf8) } : nil }
        )
    }

    private static func problem(
        _ algorithm: String?,
        jwks: String? = PyJWT.jwksText,
        path: String? = Self.path
    ) -> String? {
        let problem = #expect(throws: ConfigurationProblem.self) {
            try Self.read(algorithm, jwks: jwks, path: path)
        }
        return problem?.description
    }

    private static func isTaken(_ token: String, _ credentials: Credentials) -> Bool {
        let authenticator = UserAuthenticator(verifier: credentials.userVerifier) { 1_700_000_001 }
        return (try? authenticator.authenticate(authorization: ["Bearer \(token)"]))?.subject.text
            == "user-1"
    }

    @Test("each algorithm accepts its own tokens only", arguments: ["RS256", "ES256", "EdDSA"])
    func algorithm(_ name: String) throws {
        let credentials = try Self.read(name)
        for (other, token) in Self.tokens {
            #expect(Self.isTaken(token, credentials) == (name == other))
        }
    }

    @Test("under public keys the services' secret makes no user token")
    func secretIsNoUserKey() throws {
        let token = try Self.read(nil, path: nil).userTokenIssuer().token(
            for: "user-1",
            scopes: "payment:read",
            at: 1_700_000_000,
            lifetime: 60,
            randomBytes: [1]
        )
        #expect(Self.isTaken(token, try Self.read(nil, path: nil)))
        let credentials = try Self.read("RS256")
        #expect(!Self.isTaken(token, credentials))
        let problem = #expect(throws: ConfigurationProblem.self) {
            try credentials.userTokenIssuer()
        }
        #expect(
            problem?.description
                == "JWT_ALGORITHM: is RS256: only the holder of the private key makes users' tokens"
                + " (example: JWT_ALGORITHM=HS256)"
        )
    }

    private static func atURL(_ url: String) throws(ConfigurationProblem) -> Credentials {
        let values = [
            "JWT_SECRET_KEY": RunningSystem.secret, "JWT_ALGORITHM": "RS256", "JWT_JWKS_URL": url,
        ]
        return try Credentials(Variables(values) { _ in nil })
    }

    @Test("before the first keys from a URL no token is judged, and bad keys change nothing")
    func adopted() throws {
        let credentials = try Self.atURL("https://login.example/jwks.json")
        let token = try #require(Self.tokens.first { $0.0 == "RS256" }?.1)
        let authenticator = UserAuthenticator(verifier: credentials.userVerifier) { 1_700_000_001 }
        #expect(throws: AuthenticationError.unavailable) {
            try authenticator.authenticate(authorization: ["Bearer \(token)"])
        }
        try credentials.adopt(jwks: Array(PyJWT.jwksText.utf8))
        #expect(Self.isTaken(token, credentials))
        #expect(throws: KeyError.self) { try credentials.adopt(jwks: Array("{}".utf8)) }
        #expect(Self.isTaken(token, credentials))
    }

    @Test(
        "keys come over https, or from loopback",
        arguments: [
            ("https://a.example/jwks.json", true), ("http://127.0.0.1:8080/jwks.json", true),
            ("http://localhost:1/", true), ("http://a.example/jwks.json", false),
            ("http://127.0.0.1.evil.example/", false), ("file:///etc/passwd", false),
            ("http://127.0.0.1:80@evil.example/jwks", false),
            ("jwks", false),
        ]
    )
    func urls(_ url: String, _ isTaken: Bool) {
        let isAccepted = (try? Self.atURL(url)) != nil
        #expect(isAccepted == isTaken)
    }

    @Test("a public-key algorithm requires a file or a URL")
    func noFile() {
        #expect(
            Self.problem("RS256", path: nil)
                == "JWT_JWKS_FILE: or JWT_JWKS_URL is needed for RS256 \(Self.example)"
        )
    }

    @Test("a missing file is named")
    func missingFile() {
        #expect(
            Self.problem("RS256", jwks: nil)
                == "JWT_JWKS_FILE: the file '\(Self.path)' cannot be read \(Self.example)"
        )
    }

    @Test("a file is refused when the algorithm needs none", arguments: [nil, "HS256"])
    func unwantedFile(_ algorithm: String?) {
        let problem = Self.problem(algorithm)
        #expect(problem?.hasPrefix("JWT_JWKS_FILE: is set, but JWT_ALGORITHM is HS256") == true)
    }

    @Test("a file without a key for the algorithm is refused")
    func otherKeys() {
        #expect(
            Self.problem("EdDSA", jwks: #"{"keys":[\#(PyJWT.ecKey)]}"#)
                == "JWT_JWKS_FILE: no key of '\(Self.path)' is for EdDSA \(Self.example)"
        )
    }

    @Test(
        "a file that is no JWKS is refused with the reason",
        arguments: ["", "{", "[]", #"{"keys":[]}"#, #"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#]
    )
    func malformed(_ jwks: String) {
        let problem = Self.problem("RS256", jwks: jwks)
        #expect(problem?.hasPrefix("JWT_JWKS_FILE: ") == true)
        #expect(problem?.hasSuffix(Self.example) == true)
    }
}
