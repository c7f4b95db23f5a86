internal import TransportMessages

/// Asks another server for its health.
public struct HealthClient: Sendable {
    private let channel: any Channel

    /// A client over `channel`.
    public init(_ channel: any Channel) { self.channel = channel }

    /// The status of `service`, or of the whole server (`""`).
    ///
    /// - Throws: NOT_FOUND when there is no such service, UNIMPLEMENTED when there is no health
    ///   service, and whatever keeps a call from being answered.
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
