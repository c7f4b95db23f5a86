import Domain
import Edge
import Logging
import ServiceLifecycle
import Synchronization
import TransportCore

/// The gateway's HTTP server, which goes on answering for a grace after it was told to stop.
///
/// Meanwhile it says that it is not ready, so that balancers leave the gateway out, and every
/// answer is the last of its connection, so that no client meets a closed one in mid-request.
struct LeavingEdge: Service {
    /// Without a grace: time for clients that are busy to be told.
    private static let graceMin = Duration.milliseconds(250)

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
            try await self.timeline.sleep(for: max(self.grace, Self.graceMin))
            await inner.triggerGracefulShutdown()
        } catch {}
    }
}

/// Whether a gateway has been told to stop.
final class LeavingNotice: Sendable {
    private let isLeaving = Mutex(false)

    func leave() { self.isLeaving.withLock { $0 = true } }

    var isGiven: Bool { self.isLeaving.withLock { $0 } }

    /// The answer to `request` that only a gateway that leaves gives.
    func answer(to request: GatewayRequest) -> GatewayResponse? {
        switch HealthCheck(rawValue: request.path) {
        case .services, .ready:
            guard self.isGiven else { return nil }
            return GatewayResponse(health: [ServiceHealth(name: "gateway", status: "NOT_SERVING")])
        case .live, nil: return nil
        }
    }
}
