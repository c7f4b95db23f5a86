import TransportCore

/// A transport that changes the errors of calls.
struct FilteredTransport: Transport {
    private let base: any Transport
    private let filter: @Sendable (RPCError) -> RPCError

    init(_ base: any Transport, _ filter: @escaping @Sendable (RPCError) -> RPCError) {
        self.base = base
        self.filter = filter
    }

    func serve(
        _ router: Router,
        at endpoint: Endpoint
    ) async throws(ConfigurationError) -> any RunningServer {
        try await self.base.serve(router, at: endpoint)
    }

    func channel(to endpoint: Endpoint, _ config: ServiceConfig) -> any Channel {
        FilteredChannel(base: self.base.channel(to: endpoint, config), filter: self.filter)
    }
}

private struct FilteredChannel: Channel {
    let base: any Channel
    let filter: @Sendable (RPCError) -> RPCError

    func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply {
        do throws(RPCError) {
            return try await self.base.unary(call, message)
        } catch {
            throw self.filter(error)
        }
    }

    func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        try await self.base.open(call)
    }
}

extension RPCError {
    /// The error without the server's retry pushback.
    var withoutPushback: RPCError {
        var error = self
        error.trailers.remove("grpc-retry-pushback-ms")
        return error
    }

    /// The error as if the call had never reached a server.
    var takenForUnsent: RPCError {
        guard self.code == .unavailable || self.code == .deadlineExceeded else { return self }
        return RPCError(.unavailable, self.message, wasNeverProcessed: true)
    }
}
