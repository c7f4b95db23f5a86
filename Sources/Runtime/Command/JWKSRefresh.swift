import AsyncHTTPClient
import Composition
import Identity
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import TransportCore

/// Refreshes the public keys for users' tokens, from a file or over HTTP, as a service.
struct JWKSRefresh: Service {
    private static let timeout = TimeAmount.seconds(10)

    let location: JWKSLocation
    let credentials: Credentials
    let timeline: Timeline
    let logger: Logger

    func run() async throws {
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: Self.clientConfiguration
        )
        let refresh = KeyRefresh(
            of: self.credentials,
            timeline: self.timeline,
            logger: self.logger,
            fetch: { try await self.read(client) }
        )
        await cancelWhenGracefulShutdown { await refresh.run() }
        try await client.shutdown()
    }

    /// Forbids redirects: one could lead from https to http, and so to forged keys.
    private static var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        return configuration
    }

    private func read(_ client: HTTPClient) async throws -> [UInt8] {
        switch self.location {
        case .file(let path):
            guard let bytes = Environment.file(path) else {
                throw ConfigurationError("the file '\(path)' cannot be read")
            }
            return bytes
        case .url(let url):
            let request = HTTPClientRequest(url: url)
            let response = try await client.execute(request, timeout: Self.timeout)
            guard response.status == .ok else {
                throw ConfigurationError(
                    "its server answered with HTTP status \(response.status.code)"
                )
            }
            let body = try await response.body.collect(upTo: KeySet.jwksBytesMax)
            return Array(body.readableBytesView)
        }
    }
}
