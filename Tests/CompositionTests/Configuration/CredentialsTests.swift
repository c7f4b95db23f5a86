import Domain
import Identity
import Testing

@testable import Composition

@Suite("Secrets and keys")
struct CredentialsTests {
    private static let secret = RunningSystem.secret
    private static let example = "$(openssl rand -base64 48)"

    private static func read(
        _ values: [String: String],
        files: [String: [UInt8]] = [:]
    ) throws(ConfigurationProblem) -> Credentials {
        try Credentials(Variables(values) { files[$0] })
    }

    private static func problem(
        _ values: [String: String],
        files: [String: [UInt8]] = [:]
    ) -> String? {
        let problem = #expect(throws: ConfigurationProblem.self) {
            try Self.read(values, files: files)
        }
        return problem?.description
    }

    @Test("a process without a secret does not start", arguments: [[:], ["JWT_SECRET_KEY": ""]])
    func missing(_ values: [String: String]) {
        #expect(
            Self.problem(values)
                == "JWT_SECRET_KEY: is not set (example: JWT_SECRET_KEY=\(Self.example))"
        )
    }

    @Test("a weak secret is refused", arguments: ["JWT_SECRET_KEY", "JWT_SECRET_KEY_PREVIOUS"])
    func weak(_ name: String) {
        var values = ["JWT_SECRET_KEY": Self.secret]
        values[name] = "k7Qz2vN9xR4tB8wL1mJ6pD3sF5gH0yC"
        #expect(
            Self.problem(values)
                == "\(name): the signing secret has 31 bytes, HS256 needs 32"
                + " (try: openssl rand -base64 48) (example: \(name)=\(Self.example))"
        )
    }

    @Test("a sample secret is refused", arguments: SampleSecrets.known)
    func sample(_ secret: String) {
        let problem = Self.problem(["JWT_SECRET_KEY": secret])
        #expect(problem?.hasPrefix("JWT_SECRET_KEY: the signing secret") == true)
        #expect(problem?.contains("a sample from documentation") == true)
    }

    @Test(
        "a secret is read from a file, without its trailing line break",
        arguments: ["", "\n", "\r\n"]
    )
    func file(_ ending: String) throws {
        let files = ["/run/secrets/jwt": Array((Self.secret + ending).utf8)]
        let fromFile = try Self.read(["JWT_SECRET_KEY_FILE": "/run/secrets/jwt"], files: files)
        let direct = try Self.read(["JWT_SECRET_KEY": Self.secret])
        let token = try Self.token(fromFile, "alice")
        #expect(try Self.subject(of: token, direct) == "alice")
    }

    @Test("a missing file is named")
    func missingFile() {
        #expect(
            Self.problem(["JWT_SECRET_KEY_FILE": "/nowhere"])
                == "JWT_SECRET_KEY_FILE: the file '/nowhere' cannot be read"
                + " (example: JWT_SECRET_KEY_FILE=/run/secrets/name)"
        )
    }

    @Test("a file that is not text is refused")
    func binaryFile() {
        let problem = Self.problem(
            ["JWT_SECRET_KEY_FILE": "/key"],
            files: ["/key": Array(repeating: 0xFF, count: 48)]
        )
        #expect(problem?.hasPrefix("JWT_SECRET_KEY_FILE: the file '/key' is not UTF-8") == true)
    }

    @Test("an empty file is an empty secret")
    func emptyFile() {
        let problem = Self.problem(["JWT_SECRET_KEY_FILE": "/key"], files: ["/key": [0x0A]])
        #expect(problem?.hasPrefix("JWT_SECRET_KEY: the signing secret is empty") == true)
    }

    @Test("a secret and its file exclude each other")
    func both() {
        #expect(
            Self.problem(["JWT_SECRET_KEY": Self.secret, "JWT_SECRET_KEY_FILE": "/key"])
                == "JWT_SECRET_KEY: is set together with JWT_SECRET_KEY_FILE; choose one"
                + " (example: JWT_SECRET_KEY=\(Self.example))"
        )
    }

    @Test("no error message repeats the secret")
    func discretion() {
        let weak = "k7Qz2vN9xR4tB8wL1mJ6pD3sF5gH0yC"
        #expect(Self.problem(["JWT_SECRET_KEY": weak])?.contains("k7Qz") == false)
    }

    @Test("two keys are valid during a rotation")
    func rotation() throws {
        let newSecret = "a9Xc8vB7nM6lK5jH4gF3dS2aP1oI0uYt"
        let old = try Self.read(["JWT_SECRET_KEY": Self.secret])
        let rotating = try Self.read([
            "JWT_SECRET_KEY": newSecret, "JWT_SECRET_KEY_PREVIOUS": Self.secret,
        ])
        let new = try Self.read(["JWT_SECRET_KEY": newSecret])
        let (oldToken, newToken) = (try Self.token(old, "alice"), try Self.token(rotating, "bob"))
        #expect(try Self.subject(of: oldToken, rotating) == "alice")
        #expect(try Self.subject(of: newToken, rotating) == "bob")
        #expect(try Self.subject(of: newToken, new) == "bob")
        #expect(throws: (any Error).self) { try Self.subject(of: oldToken, new) }
        #expect(throws: (any Error).self) { try Self.subject(of: newToken, old) }
    }

    @Test("a user's subject never looks like a service's")
    func serviceSubjects() throws {
        let credentials = try Self.read(["JWT_SECRET_KEY": Self.secret])
        let token = try Self.token(credentials, "service:gateway")
        #expect(throws: AuthenticationError.invalidToken) {
            try Self.subject(of: token, credentials)
        }
    }

    private static func token(_ credentials: Credentials, _ subject: String) throws -> String {
        try credentials.userTokenIssuer().token(
            for: subject,
            scopes: "payment:read",
            at: TestWorld.start,
            lifetime: 60,
            randomBytes: [1, 2, 3]
        )
    }

    private static func subject(of token: String, _ credentials: Credentials) throws -> String {
        let authenticator = UserAuthenticator(verifier: credentials.userVerifier) {
            TestWorld.start
        }
        return try authenticator.authenticate(authorization: ["Bearer \(token)"]).subject.text
    }
}
