import Domain
import Edge
import Logging
import ServiceLifecycle
import Synchronization
import TransportCore

/// The gateway's HTTP server, which goes on answering for a grace after it was told to stop.
///
/// Meanwhile `/health` is 503, so that whoever balances by it leaves the gateway out.
struct LeavingEdge: Service {
    let edge: any Service
    let notice: LeavingNotice
    let grace: Duration
    let timeline: Timeline
    let logger: Logger

    func run() async throws {
        let inner = ServiceGroup(services: [self.edge], logger: self.logger)
        // Detached: within this task the server would be told to stop when the process is.
        let serving = Task.detached { try await inner.run() }
        try await withTaskCancellationHandler {
            async let _ = self.leave(inner)
            try await serving.value
        } onCancel: {
            serving.cancel()
        }
    }

    /// Ends early, with nothing done, when the server ends by itself.
    private func leave(_ inner: ServiceGroup) async {
        do {
            try await gracefulShutdown()
            self.notice.leave()
            if self.grace > .zero { try await self.timeline.sleep(for: self.grace) }
            await inner.triggerGracefulShutdown()
        } catch {}
    }
}

/// Whether a gateway has been told to stop.
final class LeavingNotice: Sendable {
    private let isLeaving = Mutex(false)

    func leave() { self.isLeaving.withLock { $0 = true } }

    /// The answer to `request` that only a gateway that leaves gives.
    func answer(to request: GatewayRequest) -> GatewayResponse? {
        guard request.path == "/health", self.isLeaving.withLock({ $0 }) else { return nil }
        return GatewayResponse(health: [ServiceHealth(name: "gateway", status: "NOT_SERVING")])
    }
}
