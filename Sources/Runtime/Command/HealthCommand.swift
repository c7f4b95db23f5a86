import ArgumentParser
import AsyncHTTPClient
import Composition
import Console
import GRPCTransport
import NIOCore
import NIOHTTP1
import NIOPosix
import TransportCore

/// `runtime health`: exits with 0 only if a server is SERVING; for container health checks.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Ask a service for its health; exit 0 only when it is SERVING."
    )

    @Option(help: "host:port of a gRPC port.")
    var target: Target?

    @Option(help: "Instead of --target: a /health over HTTP, such as http://127.0.0.1:8000/health.")
    var url: String?

    @Option(help: "A service such as ledger.LedgerService; left out: the whole server.")
    var service = ""

    @Option(help: "Seconds to wait for the answer.")
    var timeout = 3

    func validate() throws {
        guard (1...3_600).contains(self.timeout) else {
            throw ValidationError("--timeout is 1 to 3600 seconds")
        }
        guard (self.target == nil) != (self.url == nil) else {
            throw ValidationError("give either --target host:port for gRPC, or --url for HTTP")
        }
        guard self.url == nil || self.service.isEmpty else {
            throw ValidationError("--service needs --target host:port, which is asked by gRPC")
        }
    }

    func run() async throws {
        try await reportingFaults {
            if let target = self.target { try await self.ask(target.endpoint) }
            if let url = self.url { try await self.ask(url) }
        }
    }

    private func ask(_ endpoint: Endpoint) async throws {
        var options = HTTP2Transport.Options()
        options.tls = try Certificates.read(
            Environment.process(),
            unixTime: Environment.unixTime
        )
        let transport = HTTP2Transport(
            group: .singleton,
            timeline: Timeline(ContinuousClock()),
            options: options
        )
        let client = HealthClient(transport.channel(to: endpoint))
        let status: ServingStatus
        do throws(RPCError) {
            status = try await client.check(self.service, timeout: .seconds(self.timeout))
        } catch {
            throw self.failure(of: "\(endpoint)", "\(error)")
        }
        try StandardOutput.print(status.name)
        if status != .serving { throw self.failure(of: "\(endpoint)", "it is \(status.name)") }
    }

    /// Asks over HTTP and prints the body, with control characters escaped.
    private func ask(_ url: String) async throws {
        let status: HTTPResponseStatus
        let body: ByteBuffer
        do {
            let request = HTTPClientRequest(url: url)
            let answer = try await HTTPClient.shared.execute(
                request,
                timeout: .seconds(Int64(self.timeout))
            )
            status = answer.status
            body = try await answer.body.collect(upTo: 65_536)
        } catch {
            throw self.failure(of: url, "\(error)")
        }
        try StandardOutput.print(VisibleText.lines(String(buffer: body)))
        if status != .ok { throw self.failure(of: url, "it answers \(status.code)") }
    }

    /// Reports the failure on one line; `reason` may come from the server and is escaped.
    private func failure(of place: String, _ reason: String) -> ExitCode {
        complain("\(place): \(VisibleText.line(reason))")
        return .failure
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
