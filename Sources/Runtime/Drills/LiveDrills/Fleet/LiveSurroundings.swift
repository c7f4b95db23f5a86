import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import TransportCore

/// What every process of a live run shares.
struct LiveSurroundings: Sendable {
    let chronicle: LiveChronicle
    let undertaker: Undertaker
    let http: HTTPClient
    let hosts: LiveHosts

    /// Longer than a gateway waits for those behind it.
    private static let healthTimeout = TimeAmount.seconds(3)

    /// Whether `endpoint` answers `/health` as a process of the system does, serving or not.
    func answersHealth(at endpoint: Endpoint) async -> Bool {
        let status = await self.healthStatus(at: endpoint)
        return status == 200 || status == 503
    }

    /// The HTTP status of `/health` at `endpoint`; nil without an answer.
    func healthStatus(at endpoint: Endpoint) async -> Int? {
        let request = HTTPClientRequest(url: "http://\(endpoint)/health")
        guard
            let response = try? await self.http.execute(
                request,
                deadline: .now() + Self.healthTimeout
            ),
            (try? await response.body.collect(upTo: 65_536)) != nil
        else { return nil }
        return Int(response.status.code)
    }
}
