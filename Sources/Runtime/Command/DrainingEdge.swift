import Domain
import Edge
import Logging
import ServiceLifecycle
import Synchronization
import TransportCore

/// The gateway's HTTP server, which keeps answering for a grace period after the signal to stop.
///
/// During the grace period it reports that it is not ready, so that load balancers turn away, and
/// closes each connection after its answer, so that no client sends a request to a closed one.
struct DrainingEdge: Service {
    /// The least grace period, in which busy clients receive their last answer.
    private static let graceMin = Duration.milliseconds(250)

    let edge: any Service
    let notice: DrainNotice
    let grace: Duration
    let timeline: Timeline
    let logger: Logger

    func run() async throws {
        let inner = ServiceGroup(services: [self.edge], logger: self.logger)
        // Detached: the server must not see the shutdown signal before the grace period is over.
        let serving = Task.detached { try await inner.run() }
        try await withTaskCancellationHandler {
            async let _ = self.drain(inner)
            try await serving.value
        } onCancel: {
            serving.cancel()
        }
    }

    /// Returns early if the server ends by itself.
    private func drain(_ inner: ServiceGroup) async {
        do {
            try await gracefulShutdown()
            self.notice.drain()
            try await self.timeline.sleep(for: max(self.grace, Self.graceMin))
            await inner.triggerGracefulShutdown()
        } catch {}
    }
}

/// Tells the gateway that it has been asked to stop.
final class DrainNotice: Sendable {
    private let isDraining = Mutex(false)

    func drain() { self.isDraining.withLock { $0 = true } }

    var isGiven: Bool { self.isDraining.withLock { $0 } }

    /// NOT_SERVING for health and readiness checks while stopping; nil for other requests.
    func answer(to request: GatewayRequest) -> GatewayResponse? {
        switch HealthCheck(rawValue: request.path) {
        case .services, .ready:
            guard self.isGiven else { return nil }
            return GatewayResponse(health: [ServiceHealth(name: "gateway", status: "NOT_SERVING")])
        case .live, nil: return nil
        }
    }
}
