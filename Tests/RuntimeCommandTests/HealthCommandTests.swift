import Testing

@Suite("runtime health", .timeLimit(.minutes(10)))
struct HealthCommandTests {
    @Test("the exit code tells whether a service is serving")
    func exitCodes() async throws {
        try await withRuntime(["--service", "ledger"], Deployment.environment) { ledger in
            let target = "127.0.0.1:\(try await ledger.port(after: "ledger serves gRPC"))"
            let whole = try await Ending.of("health", "--target", target)
            #expect(whole.code == 0)
            #expect(whole.output == "SERVING\n")
            let service = ["--service", "ledger.LedgerService"]
            let one = try await Ending.of("health", "--target", target, service[0], service[1])
            #expect(one.code == 0)
            let unknown = try await Ending.of("health", "--target", target, "--service", "nobody")
            #expect(unknown.code == 1)
            #expect(unknown.errors.hasPrefix("runtime: \(target): NOT_FOUND: "))
            let port = try await ledger.port(after: "ledger serves /health")
            let url = "http://127.0.0.1:\(port)/health"
            let overHTTP = try await Ending.of("health", "--url", url)
            #expect(overHTTP.code == 0)
            #expect(overHTTP.output.contains(#""status":"SERVING""#))
            ledger.terminate()
            #expect(try await ledger.exitCode() == 0)
            let gone = try await Ending.of("health", "--target", target)
            #expect(gone.code == 1)
            #expect(gone.errors.hasPrefix("runtime: \(target): UNAVAILABLE: "))
            #expect(gone.output.isEmpty)
            let goneOverHTTP = try await Ending.of("health", "--url", url)
            #expect(goneOverHTTP.code == 1)
            #expect(goneOverHTTP.errors.hasPrefix("runtime: \(url): "))
        }
    }
}
