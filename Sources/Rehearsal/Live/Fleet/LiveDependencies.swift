import AsyncHTTPClient
import DrillEngine
import NIOCore
import NIOHTTP1
import TransportCore

/// The parts that every process of a live run shares.
struct LiveDependencies: Sendable {
    let recorder: HistoryRecorder
    let reaper: OrphanReaper
    let http: HTTPClient
    let hosts: LiveHosts

    /// Longer than a gateway waits for those behind it.
    private static let healthTimeout = TimeAmount.seconds(3)

    /// True when `endpoint` answers `/health` as a process of the system does, serving or not.
    func answersHealth(at endpoint: Endpoint) async -> Bool {
        let status = await self.health(at: endpoint)?.status
        return status == .ok || status == .serviceUnavailable
    }

    /// True when `endpoint` says that everything there serves: nothing is degraded.
    func saysServing(at endpoint: Endpoint) async -> Bool {
        guard let answer = await self.health(at: endpoint) else { return false }
        return answer.status == .ok && answer.body.contains(#""status":"SERVING""#)
    }

    private func health(
        at endpoint: Endpoint
    ) async -> (status: HTTPResponseStatus, body: String)? {
        let request = HTTPClientRequest(url: "http://\(endpoint)/health")
        guard
            let response = try? await self.http.execute(
                request,
                deadline: .now() + Self.healthTimeout
            ),
            let body = try? await response.body.collect(upTo: 65_536)
        else { return nil }
        return (response.status, String(buffer: body))
    }
}
