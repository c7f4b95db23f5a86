package import TransportMessages

/// The methods of `grpc.health.v1.Health`.
package enum HealthMethods {
    /// Returns the status of one service.
    package static let check = Method<
        Grpc_Health_V1_HealthCheckRequest, Grpc_Health_V1_HealthCheckResponse
    >("\(StandardServices.health)/Check")

    /// Streams the status of one service and its changes.
    package static let watch = Method<
        Grpc_Health_V1_HealthCheckRequest, Grpc_Health_V1_HealthCheckResponse
    >("\(StandardServices.health)/Watch", kind: .serverStreaming)

    /// Returns the status of every service.
    package static let list = Method<
        Grpc_Health_V1_HealthListRequest, Grpc_Health_V1_HealthListResponse
    >("\(StandardServices.health)/List")
}

/// Serves `grpc.health.v1.Health` from a registry.
public struct HealthService: Sendable {
    /// The most services that `List` returns; with more it fails with RESOURCE_EXHAUSTED, as in
    /// grpc-go.
    public static let listMax = 100

    /// The longest service name that can be watched, in bytes; open watches keep theirs in memory.
    public static let nameBytesMax = 256

    private let registry: HealthRegistry
    private let timeline: Timeline
    private let lastWordWait: Duration

    /// The methods to register.
    ///
    /// - Parameters:
    ///   - registry: The source of the statuses.
    ///   - timeline: The time for `lastWordWait`.
    ///   - lastWordWait: The time that a drain leaves a watcher to read the last value. Then the
    ///     stream ends with UNAVAILABLE, so that no watcher can hold up a drain.
    ///
    /// - Returns: `Check`, `Watch` and `List`.
    public static func methods(
        _ registry: HealthRegistry,
        timeline: Timeline,
        lastWordWait: Duration = .seconds(1)
    ) -> [RegisteredMethod] {
        let service = Self(registry: registry, timeline: timeline, lastWordWait: lastWordWait)
        return [
            .unary(HealthMethods.check) { request, _ in try service.check(request.service) },
            .serverStreaming(HealthMethods.watch) { request, _, writer in
                try await service.watch(request.service, writer)
            },
            .unary(HealthMethods.list) { _, _ in try service.list() },
        ]
    }

    private func check(_ service: String) throws(RPCError) -> Grpc_Health_V1_HealthCheckResponse {
        guard let status = self.registry.status(of: service) else {
            throw RPCError(.notFound, "no service '\(service.prefix(128))' here")
        }
        return status.response
    }

    private func list() throws(RPCError) -> Grpc_Health_V1_HealthListResponse {
        let statuses = self.registry.statuses
        guard statuses.count <= Self.listMax else {
            throw RPCError(.resourceExhausted, "there are more than \(Self.listMax) services")
        }
        var response = Grpc_Health_V1_HealthListResponse()
        for (service, status) in statuses { response.statuses[service] = status.response }
        return response
    }

    private func watch(
        _ service: String,
        _ writer: TypedWriter<Grpc_Health_V1_HealthCheckResponse>
    ) async throws {
        guard service.utf8.count <= Self.nameBytesMax else {
            throw RPCError(.invalidArgument, "the name is over \(Self.nameBytesMax) bytes")
        }
        try await self.registry.withWatch(of: service) { watch in
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await Self.send(watch, to: writer) }
                group.addTask { try await self.limitLastWord(of: watch) }
                try await group.next()
            }
        }
    }

    private static func send(
        _ watch: HealthWatch,
        to writer: TypedWriter<Grpc_Health_V1_HealthCheckResponse>
    ) async throws(RPCError) {
        for await status in watch.statuses { try await writer.send(status.response) }
    }

    private func limitLastWord(of watch: HealthWatch) async throws {
        await watch.drained()
        try await self.timeline.sleep(for: self.lastWordWait)
        throw RPCError(.unavailable, "the server drains and this watch was not read")
    }
}
