import TransportCore
import TransportMessages

/// Watches the health of a whole server.
enum HealthWatcher {
    typealias Status = Grpc_Health_V1_HealthCheckResponse.ServingStatus

    /// Runs `body` with a function that returns the next status; nil after the last.
    static func watch(
        _ channel: any Channel,
        _ body: (() async throws -> Status?) async throws -> Void
    ) async throws {
        let request = Grpc_Health_V1_HealthCheckRequest()
        try await channel.serverStream(HealthMethods.watch, request) { statuses in
            try await body { try await statuses.next()?.status }
        }
    }
}
