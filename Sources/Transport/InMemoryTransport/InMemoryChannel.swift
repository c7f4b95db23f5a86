import TransportCore

/// Calls the server registered at one endpoint.
struct InMemoryChannel: Channel {
    let endpoint: Endpoint
    let registry: EndpointRegistry
    let timeline: Timeline
    let limits: TransportLimits

    func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply {
        let unary = UnaryCall(try self.incoming(call), message, limits: self.limits)
        try await self.place(unary, waitForReady: call.waitForReady)
        return try await unary.reply()
    }

    func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        let stream = StreamCall(try self.incoming(call), limits: self.limits)
        try await self.place(stream, waitForReady: call.waitForReady)
        return ClientStream(responses: stream.responses, requests: ClientEnd(call: stream))
    }

    /// Converts a valid call to the server's view.
    private func incoming(_ call: OutgoingCall) throws(RPCError) -> IncomingCall {
        if let fault = self.limits.fault(metadata: call.metadata) { throw fault }
        if let timeout = call.timeout, timeout <= .zero {
            throw Interruption.deadlinePassed.error.neverProcessed
        }
        return IncomingCall(
            method: call.method,
            metadata: call.metadata,
            deadline: call.timeout.map { self.timeline.now.advanced(by: $0) },
            peer: "memory"
        )
    }

    /// Hands `call` to a server, waiting for one if asked.
    private func place(_ call: any CarriedCall, waitForReady: Bool) async throws(RPCError) {
        while true {
            if Task.isCancelled { throw Interruption.callerCancelled.error.neverProcessed }
            let found = self.registry.server(at: self.endpoint)
            let server = waitForReady && found == nil ? try await self.arrival(for: call) : found
            guard let server else { throw self.nobody }
            if try server.accept(call) { return }
            // The server closed after it was found: look again.
        }
    }

    private func arrival(for call: any CarriedCall) async throws(RPCError) -> InMemoryServer {
        let server = await self.registry.arrival(
            atAnyOf: [self.endpoint],
            by: call.incoming.deadline,
            on: self.timeline
        )
        if let server { return server }
        let reason: Interruption = Task.isCancelled ? .callerCancelled : .deadlinePassed
        throw reason.error.neverProcessed
    }

    private var nobody: RPCError {
        RPCError(.unavailable, "no server at \(self.endpoint)", wasNeverProcessed: true)
    }
}
