import Testing

@Suite("runtime serve", .timeLimit(.minutes(10)))
struct ServeTests {
    @Test(
        "one process serves the whole system",
        arguments: [
            ["--transport", "memory"], ["--service", "all"], ["--transport", "memory", "--dev"],
        ]
    )
    func whole(_ arguments: [String]) async throws {
        let token = try await Customer.token()
        try await withRuntime(arguments, Deployment.environment) { process in
            let port = try await process.port(after: "gateway serves HTTP")
            try await Customer.expectPayment(port, token)
            try await process.stop()
            #expect(!process.everything.contains(Deployment.secret))
            #expect(!process.everything.contains(token))
        }
    }

    @Test("an in-memory system serves at any bind address")
    func memoryOnAllAddresses() async throws {
        let token = try await Customer.token()
        let environment = Deployment.with(["BIND_HOST": "0.0.0.0"])
        try await withRuntime(["--transport", "memory"], environment) { process in
            let port = try await process.port(after: "gateway serves HTTP")
            try await Customer.expectPayment(port, token)
            try await process.stop()
        }
    }

    @Test("a trial binds to loopback whatever the environment says")
    func trial() async throws {
        let environment = Deployment.with(["BIND_HOST": "0.0.0.0"])
        try await withRuntime(["--transport", "memory", "--dev"], environment) { process in
            _ = try await process.port(after: "gateway serves HTTP")
            try await process.stop()
            #expect(process.everything.contains("gateway serves HTTP on 127.0.0.1:"))
        }
    }

    @Test("each service serves in a process of its own")
    func oneEach() async throws {
        let token = try await Customer.token()
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
                        try await Customer.expectPayment(port, token)
                        for process in [gateway, refund, payment, ledger] {
                            try await process.stop()
                            let text = process.everything
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
            let (status, body) = try await Customer.send("GET", port, "/health", token: nil)
            #expect(status == 200)
            #expect(body == #"{"status":"SERVING","services":{"ledger":"SERVING"}}"#)
            try await process.stop()
        }
    }

    @Test(
        "the flag --dev makes a secret, a token and a curl command",
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
            try await Customer.expectPayment(port, String(token))
            try await process.stop()
        }
    }

    @Test(
        "a taken port is a configuration error",
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

    @Test("the gateway's taken port is a configuration error, too")
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
}
