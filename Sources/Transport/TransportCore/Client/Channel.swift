/// Calls one service on any of its replicas.
///
/// Cancelling the calling task cancels the call at the server. Retry on UNAVAILABLE, and on any
/// error whose ``RPCError/wasNeverProcessed`` is true.
public protocol Channel: Sendable {
    /// Sends one message and returns the one reply.
    ///
    /// - Throws: the call's status when it is not OK. DEADLINE_EXCEEDED, CANCELLED and UNAVAILABLE
    ///   may also come from this side: the server need not have seen the call.
    func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply

    /// Opens a call whose messages are sent and read one by one.
    ///
    /// An unread stream holds resources; prefer ``withStream(_:_:)``.
    func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream
}

extension Channel {
    /// Opens a call for the duration of `body`, and cancels it if it has not ended by then.
    ///
    /// - Throws: the status when the call cannot be opened, or the error that `body` throws.
    public func withStream<Result>(
        _ call: OutgoingCall,
        _ body: (ClientStream) async throws -> Result
    ) async throws -> Result {
        let stream = try await self.open(call)
        defer { stream.cancel() }
        return try await body(stream)
    }

    /// Calls a unary method.
    ///
    /// - Throws: the call's status when it is not OK; INTERNAL when the reply cannot be parsed.
    public func call<Request, Response>(
        _ method: Method<Request, Response>,
        _ request: Request,
        _ options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Response {
        let reply = try await self.unary(method.outgoing(options), try request.wireBytes())
        return try Response(wire: reply.message)
    }

    /// Calls a server-streaming method; `body` reads the responses.
    ///
    /// - Throws: the call's status when it is not OK, or the error that `body` throws.
    public func serverStream<Request, Response, Result>(
        _ method: Method<Request, Response>,
        _ request: Request,
        _ options: CallOptions = CallOptions(),
        _ body: (TypedMessages<Response>) async throws -> Result
    ) async throws -> Result {
        try await self.withStream(method.outgoing(options)) { stream in
            try await stream.send(try request.wireBytes())
            stream.finishSending()
            return try await body(TypedMessages(stream))
        }
    }
}

extension Method {
    /// Builds a call of this method with `options`.
    package func outgoing(_ options: CallOptions) -> OutgoingCall {
        OutgoingCall(
            method: self.name,
            metadata: options.metadata,
            timeout: options.timeout,
            waitForReady: options.waitForReady,
            isIdempotent: options.isIdempotent
        )
    }
}
