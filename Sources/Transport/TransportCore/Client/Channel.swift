/// A way to call one service, wherever its replicas are.
///
/// Cancelling the calling task cancels the call at the server. Errors that mean "ask again" are UNAVAILABLE, and
/// whatever says ``RPCError/wasNeverProcessed``.
public protocol Channel: Sendable {
    /// Sends one message and returns the one answer.
    ///
    /// - Throws: the status of the call when it is not OK; DEADLINE_EXCEEDED, CANCELLED and UNAVAILABLE also when the
    ///   server never saw it.
    func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply

    /// Opens a call whose messages are sent and read one by one. Leaving it unread holds resources: prefer
    /// ``withStream(_:_:)``.
    func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream
}

extension Channel {
    /// Opens a call for as long as `body` runs; a call that is not over by then is cancelled.
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
    /// - Throws: the status of the call when it is not OK.
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
    /// - Throws: the status of the call when it is not OK, or what `body` throws.
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
    /// A call of this method with `options`.
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
