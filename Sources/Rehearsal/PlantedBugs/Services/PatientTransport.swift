import TransportCore

/// A transport that drops the deadlines of calls.
struct PatientTransport: Transport {
    let base: any Transport

    func serve(
        _ router: Router,
        at endpoint: Endpoint
    ) async throws(ConfigurationError) -> any RunningServer {
        try await self.base.serve(router, at: endpoint)
    }

    func channel(to endpoint: Endpoint, _ config: ServiceConfig) -> any Channel {
        PatientChannel(base: self.base.channel(to: endpoint, config))
    }
}

private struct PatientChannel: Channel {
    let base: any Channel

    func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply {
        var call = call
        call.timeout = nil
        return try await self.base.unary(call, message)
    }

    func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        try await self.base.open(call)
    }
}
