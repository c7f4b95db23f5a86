internal import TransportMessages

/// The messages of `grpc.health.v1.Health/Watch`, for a client that asks by itself.
package enum HealthWatching {
    /// The method, as a call names it.
    package static var method: String { HealthMethods.watch.name }

    /// Asks for `service`, or for the whole server when it is empty.
    package static func request(_ service: String) -> [UInt8] {
        var request = Grpc_Health_V1_HealthCheckRequest()
        request.service = service
        return (try? request.wireBytes()) ?? []
    }

    /// Whether `message` says that the service serves.
    package static func isServing(_ message: [UInt8]) -> Bool {
        guard let response = try? Grpc_Health_V1_HealthCheckResponse(wire: message) else {
            return false
        }
        return ServingStatus(response) == .serving
    }
}
