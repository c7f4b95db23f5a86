import TransportCore

/// A transport that calls only the first replica of each service.
struct StubbornTransport: Transport {
    let base: any Transport

    func serve(
        _ router: Router,
        at endpoint: Endpoint
    ) async throws(ConfigurationError) -> any RunningServer {
        try await self.base.serve(router, at: endpoint)
    }

    func channel(to endpoint: Endpoint, _ config: ServiceConfig) -> any Channel {
        let first = Endpoint(host: endpoint.host + "-1", port: endpoint.port)
        return self.base.channel(to: first, config)
    }
}
