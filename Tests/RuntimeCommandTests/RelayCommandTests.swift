import Testing

@Suite("runtime relay", .timeLimit(.minutes(10)))
struct RelayCommandTests {
    @Test("a call through a relay is answered, and one to a closed port is refused")
    func relayed() async throws {
        try await withRuntime(["--service", "ledger"], Deployment.environment) { ledger in
            let target = "127.0.0.1:\(try await ledger.port(after: "ledger serves gRPC"))"
            let relay = ["relay", "--host", "127.0.0.1", "--route", "0=\(target)"]
            try await withRuntime(relay) { process in
                let line = try await process.line(with: "relay hands ")
                let port = try #require(line.split(separator: " ").dropLast(3).last)
                let ending = try await Ending.of("health", "--target", "127.0.0.1:\(port)")
                #expect(ending.output == "SERVING\n")
                try await ledger.stop()
                let gone = try await Ending.of("health", "--target", "127.0.0.1:\(port)")
                #expect(gone.code == 1)
                #expect(gone.errors.hasPrefix("runtime: 127.0.0.1:\(port): UNAVAILABLE: "))
                try await process.stop()
            }
        }
    }

    @Test(
        "a route without a port or a target is refused",
        arguments: ["a:1", "1=", "x=a:1", "1=a"]
    )
    func badRoute(_ route: String) async throws {
        let ending = try await Ending.of("relay", "--route", route)
        #expect(ending.code == 64)
        #expect(ending.errors.contains("The value '\(route)' is invalid for '--route <route>'"))
    }
}
