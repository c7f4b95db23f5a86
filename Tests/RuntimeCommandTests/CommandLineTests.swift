import Composition
import Testing

@Suite("The command line", .timeLimit(.minutes(10)))
struct CommandLineTests {
    @Test("the option --help lists commands and options")
    func help() async throws {
        let ending = try await Ending.of("--help")
        #expect(ending.code == 0)
        #expect(ending.output == GoldenText.help)
        #expect(ending.errors.isEmpty)
    }

    @Test(
        "help of a subcommand",
        arguments: [
            ("serve", GoldenText.serve), ("token", GoldenText.token),
            ("health", GoldenText.health),
        ]
    )
    func subcommandHelp(_ name: String, _ text: String) async throws {
        let ending = try await Ending.of(name, "--help")
        #expect(ending.code == 0)
        #expect(ending.output == text)
    }

    @Test("the version is one line")
    func version() async throws {
        let ending = try await Ending.of("--version")
        #expect(ending.code == 0)
        #expect(ending.output == "\(Release.version)\n")
    }

    private static let misuses: [(String, String)] = [
        (
            "",
            "which service? --service payment|ledger|refund|gateway|all, or --dev to try it out"
        ),
        ("--bogus", "Unknown option '--bogus'"),
        ("books", "Unexpected argument 'books'"),
        ("ledger entries --limit 0", "--limit is 1 or more"),
        ("ledger reconcile", "Missing expected argument '--settlement <settlement>'"),
        (
            "--service nobody",
            "The value 'nobody' is invalid for '--service <service>'. Please provide one of"
                + " 'payment', 'ledger', 'refund', 'gateway' or 'all'."
        ),
        (
            "--transport pigeon",
            "The value 'pigeon' is invalid for '--transport <transport>'. Please provide one of"
                + " 'grpc' and 'memory'."
        ),
        (
            "--service ledger --dev",
            "--dev and --transport memory run the whole system: leave --service out"
        ),
        (
            "--service ledger --transport memory",
            "--dev and --transport memory run the whole system: leave --service out"
        ),
        ("health", "give either --target host:port for gRPC, or --url for HTTP"),
        (
            "health --target a:1 --url http://a",
            "give either --target host:port for gRPC, or --url for HTTP"
        ),
        (
            "health --url http://a --service a.B",
            "--service needs --target host:port, which is asked by gRPC"
        ),
        ("health --target ledger", "The value 'ledger' is invalid for '--target <target>'"),
        (
            "health --target ledger:0",
            "The value 'ledger:0' is invalid for '--target <target>'"
        ),
        ("health --target ledger:1 --timeout 0", "--timeout is 1 to 3600 seconds"),
    ]

    @Test("misuse is explained, with exit code 64", arguments: misuses)
    func misuse(_ line: String, _ message: String) async throws {
        let ending = try await Ending.of(all: line.split(separator: " ").map(String.init))
        #expect(ending.code == 64)
        #expect(ending.errors.split(separator: "\n").first == "Error: \(message)")
        #expect(ending.errors.contains("Usage: runtime "))
        #expect(ending.output.isEmpty)
    }

    private static let faults: [([String: String], String)] = [
        (
            ["JWT_SECRET_KEY": ""],
            "JWT_SECRET_KEY: is not set (example: JWT_SECRET_KEY=$(openssl rand -base64 48))"
        ),
        (
            ["JWT_SECRET_KEY": "short"],
            "JWT_SECRET_KEY: the signing secret has 5 bytes, HS256 needs 32"
                + " (try: openssl rand -base64 48) (example: JWT_SECRET_KEY=$(openssl rand -base64 48))"
        ),
        (
            ["SERVICE_PORT": "http"],
            "SERVICE_PORT: 'http' is not a port between 0 and 65535 (example: SERVICE_PORT=0)"
        ),
        (
            ["JWT_SECRET_KEY": "", "JWT_SECRET_KEY_FILE": "/nowhere/at/all"],
            "JWT_SECRET_KEY_FILE: the file '/nowhere/at/all' cannot be read"
                + " (example: JWT_SECRET_KEY_FILE=/run/secrets/name)"
        ),
        (
            ["BIND_HOST": "http://localhost"],
            "BIND_HOST: 'http://localhost' is not a host name or an address"
                + " (example: BIND_HOST=0.0.0.0)"
        ),
    ]

    @Test("a bad configuration is one line, with exit code 78", arguments: faults)
    func badConfiguration(_ changes: [String: String], _ message: String) async throws {
        let ending = try await Ending.of(
            "--service",
            "ledger",
            environment: Deployment.with(changes)
        )
        #expect(ending.code == 78)
        #expect(ending.errors == "runtime: \(message)\n")
        #expect(ending.output.isEmpty)
    }
}
