internal import TransportMessages

/// A client of another server's health service.
public struct HealthClient: Sendable {
    private let channel: any Channel

    /// Creates a client over `channel`.
    public init(_ channel: any Channel) { self.channel = channel }

    /// Returns the status of `service`, or of the whole server (`""`).
    ///
    /// - Throws: NOT_FOUND for an unknown service, UNIMPLEMENTED when the server has no health
    ///   service, and the errors of any call.
    public func check(
        _ service: String = "",
        timeout: Duration
    ) async throws(RPCError) -> ServingStatus {
        var request = Grpc_Health_V1_HealthCheckRequest()
        request.service = service
        let options = CallOptions(timeout: timeout)
        return ServingStatus(try await self.channel.call(HealthMethods.check, request, options))
    }
}
