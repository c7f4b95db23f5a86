internal import TransportMessages

/// The messages of `grpc.health.v1.Health/Watch`, for transports that watch health themselves.
package enum HealthWatching {
    /// The full method name.
    package static var method: String { HealthMethods.watch.name }

    /// Serialises a request for `service`; empty means the whole server.
    package static func request(_ service: String) -> [UInt8] {
        var request = Grpc_Health_V1_HealthCheckRequest()
        request.service = service
        return (try? request.wireBytes()) ?? []
    }

    /// True when `message` reports SERVING.
    package static func isServing(_ message: [UInt8]) -> Bool {
        guard let response = try? Grpc_Health_V1_HealthCheckResponse(wire: message) else {
            return false
        }
        return ServingStatus(response) == .serving
    }
}
