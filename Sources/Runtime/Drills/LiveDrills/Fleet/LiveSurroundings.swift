import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// What every process of a live run shares.
struct LiveSurroundings: Sendable {
    let chronicle: LiveChronicle
    let undertaker: Undertaker
    let http: HTTPClient

    /// Longer than a gateway waits for those behind it.
    private static let healthTimeout = TimeAmount.seconds(3)

    /// Whether something at this port of loopback answers `/health`, whatever it says of others.
    func answersHealth(at port: Int) async -> Bool {
        await self.healthStatus(at: port) != nil
    }

    /// The HTTP status of `/health` at this port of loopback; nil without an answer.
    func healthStatus(at port: Int) async -> Int? {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/health")
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
