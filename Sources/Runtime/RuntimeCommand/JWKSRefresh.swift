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
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let wait = await self.refresh() ? Self.interval : Self.intervalAfterFailure
                try? await self.timeline.sleep(for: wait)
            }
        }
    }

    private func refresh() async -> Bool {
        do {
            try self.credentials.adopt(jwks: try await self.read())
            return true
        } catch {
            self.logger.warning("the JWKS could not be used; the keys so far stay: \(error)")
            return false
        }
    }

    private func read() async throws -> [UInt8] {
        switch self.location {
        case .file(let path): return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        case .url(let url):
            let request = HTTPClientRequest(url: url)
            let response = try await HTTPClient.shared.execute(request, timeout: Self.timeout)
            guard response.status == .ok else {
                throw ConfigurationError("\(url) answered with HTTP status \(response.status.code)")
            }
            let body = try await response.body.collect(upTo: KeySet.jwksBytesMax)
            return Array(body.readableBytesView)
        }
    }
}
