import ArgumentParser
import GRPCTransport
import NIOPosix
import TransportCore

/// `runtime health`: exit 0 only when a server is SERVING; what a container's health check runs.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Ask a service for its health; exit 0 only when it is SERVING."
    )

    @Option(help: "host:port of a gRPC port.")
    var target: Target

    @Option(help: "A service such as ledger.LedgerService; left out: the whole server.")
    var service = ""

    @Option(help: "Seconds to wait for the answer.")
    var timeout = 3

    func validate() throws {
        guard (1...3_600).contains(self.timeout) else {
            throw ValidationError("--timeout is 1 to 3600 seconds")
        }
    }

    func run() async throws {
        let transport = HTTP2Transport(group: .singleton, timeline: Timeline(ContinuousClock()))
        let client = HealthClient(transport.channel(to: self.target.endpoint))
        do throws(RPCError) {
            let status = try await client.check(self.service, timeout: .seconds(self.timeout))
            print(status.name)
            if status != .serving { throw RPCError(.unavailable, "it is \(status.name)") }
        } catch {
            complain("\(self.target.endpoint): \(error)")
            throw ExitCode.failure
        }
    }
}

/// `host:port`, with brackets around an IPv6 address.
struct Target: ExpressibleByArgument {
    let endpoint: Endpoint

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"),
            let port = Int(argument[argument.index(after: colon)...]),
            (1...65_535).contains(port)
        else { return nil }
        var host = argument[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.endpoint = Endpoint(host: String(host), port: port)
    }
}
