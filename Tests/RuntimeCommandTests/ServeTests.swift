import Foundation
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

@Suite("runtime serve", .timeLimit(.minutes(2)))
struct ServeTests {
    /// How long a process with nothing to do may take to end.
    private static let stopMax = Duration.seconds(10)

    @Test(
        "the whole system in one process",
        arguments: [
            ["--transport", "memory"], ["--service", "all"], ["--transport", "memory", "--dev"],
        ]
    )
    func whole(_ arguments: [String]) async throws {
        let token = try await Self.userToken()
        try await withRuntime(arguments, Deployment.environment) { process in
            let port = try await process.port(after: "gateway serves HTTP")
            try await Self.payAndRefund(port, token)
            try await Self.stop(process)
            #expect(!Self.everything(of: process).contains(Deployment.secret))
            #expect(!Self.everything(of: process).contains(token))
        }
    }

    @Test("an in-memory system serves whatever address it binds")
    func memoryOnAllAddresses() async throws {
        let token = try await Self.userToken()
        let environment = Deployment.with(["BIND_HOST": "0.0.0.0"])
        try await withRuntime(["--transport", "memory"], environment) { process in
            let port = try await process.port(after: "gateway serves HTTP")
            try await Self.payAndRefund(port, token)
            try await Self.stop(process)
        }
    }

    @Test("a trial keeps to loopback whatever the environment says")
    func trial() async throws {
        let environment = Deployment.with(["BIND_HOST": "0.0.0.0"])
        try await withRuntime(["--transport", "memory", "--dev"], environment) { process in
            _ = try await process.port(after: "gateway serves HTTP")
            try await Self.stop(process)
            #expect(Self.everything(of: process).contains("gateway serves HTTP on 127.0.0.1:"))
        }
    }

    @Test("one service in each process")
    func oneEach() async throws {
        let token = try await Self.userToken()
        var environment = Deployment.environment
        try await withRuntime(["--service", "ledger"], environment) { ledger in
            let port = try await ledger.port(after: "ledger serves gRPC")
            environment["LEDGER_SERVICE_PORT"] = "\(port)"
            try await withRuntime(["--service", "payment"], environment) { payment in
                let port = try await payment.port(after: "payment serves gRPC")
                environment["PAYMENT_SERVICE_PORT"] = "\(port)"
                try await withRuntime(["--service", "refund"], environment) { refund in
                    let port = try await refund.port(after: "refund serves gRPC")
                    environment["REFUND_SERVICE_PORT"] = "\(port)"
                    try await withRuntime(["--service", "gateway"], environment) { gateway in
                        let port = try await gateway.port(after: "gateway serves HTTP")
                        try await Self.payAndRefund(port, token)
                        for process in [gateway, refund, payment, ledger] {
                            try await Self.stop(process)
                            let text = Self.everything(of: process)
                            #expect(!text.contains(Deployment.secret))
                            #expect(!text.contains(token))
                        }
                    }
                }
            }
        }
    }

    @Test("GET /health of a process is 200 while it serves")
    func health() async throws {
        try await withRuntime(["--service", "ledger"], Deployment.environment) { process in
            let port = try await process.port(after: "ledger serves /health")
            let (status, body) = try await Self.send("GET", port, "/health", token: nil)
            #expect(status == 200)
            #expect(body == #"{"status":"SERVING","services":{"ledger":"SERVING"}}"#)
            try await Self.stop(process)
        }
    }

    @Test(
        "the flag --dev makes a secret, a token and a curl",
        arguments: [[:], ["JWT_SECRET_KEY": ""]]
    )
    func dev(_ changes: [String: String]) async throws {
        var environment = Deployment.environment
        environment["JWT_SECRET_KEY"] = nil
        environment.merge(changes) { _, changed in changed }
        try await withRuntime(["--dev"], environment) { process in
            let port = try await process.port(after: "gateway serves HTTP")
            let token = try await process.line(with: "TOKEN=").dropFirst("TOKEN=".count)
            _ = try await process.line(with: "http://127.0.0.1:\(port)/pay")
            _ = try await process.line(with: "Ctrl-C ends it.")
            try await Self.payAndRefund(port, String(token))
            try await Self.stop(process)
        }
    }

    @Test(
        "a port that is taken is a fault of the configuration",
        arguments: ["SERVICE_PORT", "HEALTH_PORT"]
    )
    func takenPort(_ variable: String) async throws {
        try await withRuntime(["--service", "ledger"], Deployment.environment) { ledger in
            let port = try await ledger.port(after: "ledger serves gRPC")
            let ending = try await Ending.of(
                "--service",
                "ledger",
                environment: Deployment.with([variable: "\(port)"])
            )
            #expect(ending.code == 78)
            #expect(ending.errors.contains("runtime: cannot listen on 127.0.0.1:\(port): "))
        }
    }

    @Test("the gateway's taken port too")
    func takenGatewayPort() async throws {
        try await withRuntime(["--service", "ledger"], Deployment.environment) { ledger in
            let port = try await ledger.port(after: "ledger serves gRPC")
            let ending = try await Ending.of(
                "--service",
                "all",
                environment: Deployment.with(["GATEWAY_PORT": "\(port)"])
            )
            #expect(ending.code == 78)
            #expect(ending.errors.contains("runtime: cannot listen on 127.0.0.1:\(port): "))
        }
    }

    private static func userToken() async throws -> String {
        let ending = try await Ending.of(
            "token",
            "--subject",
            "alice",
            environment: Deployment.environment
        )
        return String(ending.output.dropLast())
    }

    private static func payAndRefund(_ port: Int, _ token: String) async throws {
        let form = "order_id=123&amount=100"
        let (status, paid) = try await Self.send("POST", port, "/pay", form, token: token)
        #expect(status == 200, "\(paid)")
        let id = try #require(paid.split(separator: "\"").first { $0.hasPrefix("pay_") })
        let refund = "payment_id=\(id)&amount=40"
        let (code, refunded) = try await Self.send("POST", port, "/refund", refund, token: token)
        #expect(code == 200, "\(refunded)")
        #expect(refunded.contains(#""remaining":60"#))
        let (refused, _) = try await Self.send("POST", port, "/pay", form, token: nil)
        #expect(refused == 401)
    }

    private static func send(
        _ method: String,
        _ port: Int,
        _ path: String,
        _ form: String? = nil,
        token: String?
    ) async throws -> (status: Int, body: String) {
        let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
        var request = URLRequest(url: url, timeoutInterval: 20)
        request.httpMethod = method
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        if let form {
            let type = "application/x-www-form-urlencoded"
            request.setValue(type, forHTTPHeaderField: "Content-Type")
            request.httpBody = Data(form.utf8)
        }
        let session = URLSession(configuration: .ephemeral)
        defer { session.invalidateAndCancel() }
        let (data, response) = try await session.data(for: request)
        let status = try #require(response as? HTTPURLResponse).statusCode
        return (status, String(decoding: data, as: UTF8.self))
    }

    /// Sends SIGTERM and waits for a clean end.
    private static func stop(_ process: RuntimeProcess) async throws {
        let start = ContinuousClock.now
        process.terminate()
        #expect(try await process.exitCode() == 0)
        #expect(start.duration(to: .now) < Self.stopMax)
    }

    private static func everything(of process: RuntimeProcess) -> String {
        process.output + process.errors
    }
}
