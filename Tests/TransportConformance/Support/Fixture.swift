import TransportCore

/// A server with a channel to it, for the duration of a test.
struct Fixture: Sendable {
    let transport: any Transport
    let timeline: Timeline
    let server: any RunningServer
    let channel: any Channel
}

extension TransportKind {
    /// Runs `body` against a server of `methods`, then stops everything.
    func with(
        _ methods: RegisteredMethod...,
        policies: [any ServerPolicy] = [],
        limits: TransportLimits = TransportLimits(),
        _ body: (Fixture) async throws -> Void
    ) async throws {
        let timeline = Timeline(ContinuousClock())
        let opened = self.open(timeline, limits)
        let server = try await opened.transport.serve(methods, policies: policies)
        let fixture = Fixture(
            transport: opened.transport,
            timeline: timeline,
            server: server,
            channel: opened.transport.channel(to: server.endpoint)
        )
        var failure: (any Error)?
        do { try await body(fixture) } catch { failure = error }
        await server.stop()
        await opened.close()
        if let failure { throw failure }
    }
}

extension Transport {
    /// Serves `methods` on a free port of this machine, or at `endpoint`.
    func serve(
        _ methods: [RegisteredMethod],
        policies: [any ServerPolicy] = [],
        at endpoint: Endpoint = Endpoint(host: "127.0.0.1", port: 0)
    ) async throws -> any RunningServer {
        try await self.serve(try Router(methods, policies: policies), at: endpoint)
    }

    /// An endpoint without a listener.
    func vacantEndpoint() async throws -> Endpoint {
        let server = try await self.serve([.echo])
        await server.stop()
        return server.endpoint
    }
}
