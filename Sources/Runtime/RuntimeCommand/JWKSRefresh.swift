import AsyncHTTPClient
import Composition
import Foundation
import Identity
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import TransportCore

/// Reads the public keys of users' tokens again and again, so that their owner may rotate them.
///
/// What cannot be read or used changes nothing: the keys so far stay.
struct JWKSRefresh: Service {
    private static let interval = Duration.seconds(300)
    private static let intervalAfterFailure = Duration.seconds(10)
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
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let wait =
                    await self.refresh(client) ? Self.interval : Self.intervalAfterFailure
                try? await self.timeline.sleep(for: wait)
            }
        }
        try await client.shutdown()
    }

    /// Follows no redirect: one could lead from https to http, and so to anybody's keys.
    private static var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        return configuration
    }

    private func refresh(_ client: HTTPClient) async -> Bool {
        do {
            try self.credentials.adopt(jwks: try await self.read(client))
            return true
        } catch {
            self.logger.warning("the JWKS could not be used; the keys so far stay: \(error)")
            return false
        }
    }

    private func read(_ client: HTTPClient) async throws -> [UInt8] {
        switch self.location {
        case .file(let path): return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
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
