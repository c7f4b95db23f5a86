/// A call that all policies admitted, ready to run once.
///
/// Running never throws: every result of a handler becomes a reply or an error for the peer.
package struct AdmittedCall: Sendable {
    package let call: IncomingCall
    package let method: RegisteredMethod
    private let telemetry: ServerTelemetry?
    private let start: Timeline.Instant?

    init(
        call: IncomingCall,
        method: RegisteredMethod,
        telemetry: ServerTelemetry?,
        start: Timeline.Instant?
    ) {
        self.call = call
        self.method = method
        self.telemetry = telemetry
        self.start = start
    }

    /// Ends a call that will never run: its requests did not arrive, or were refused.
    package func failed(_ error: RPCError) { self.ended(.failure(error)) }

    /// Runs a unary method on its one request `message`.
    package func run(
        _ message: [UInt8],
        _ handler: @Sendable (IncomingCall, [UInt8]) async throws -> UnaryReply
    ) async -> Result<UnaryReply, RPCError> {
        let result = await self.inScope { () async throws -> UnaryReply in
            let reply = try await handler(self.call, message)
            if let fault = reply.headers.firstFault() ?? reply.trailers.firstFault() {
                throw fault
            }
            return reply
        }
        let received = (try? result.get().message.count) ?? 0
        self.ended(result.map { _ in }, request: message.count, response: received)
        return result
    }

    /// Runs any method over streams; a unary one reads its single request from `requests`.
    ///
    /// - Returns: the trailing metadata of an OK, or the error to end with.
    package func run(
        _ requests: RequestMessages,
        _ writer: ResponseWriter
    ) async -> Result<Metadata, RPCError> {
        switch self.method.handler {
        case .unary(let handler): await self.runUnary(handler, requests, writer)
        case .streaming(let handler): await self.runStreaming(handler, requests, writer)
        }
    }

    private func runUnary(
        _ handler: @Sendable (IncomingCall, [UInt8]) async throws -> UnaryReply,
        _ requests: RequestMessages,
        _ writer: ResponseWriter
    ) async -> Result<Metadata, RPCError> {
        let message: [UInt8]
        do throws(RPCError) {
            message = try await requests.only()
        } catch {
            self.ended(.failure(error))
            return .failure(error)
        }
        do throws(RPCError) {
            let reply = try await self.run(message, handler).get()
            try await writer.send(headers: reply.headers)
            try await writer.send(reply.message)
            return .success(reply.trailers)
        } catch {
            return .failure(error)
        }
    }

    private func runStreaming(
        _ handler:
            @Sendable (IncomingCall, RequestMessages, ResponseWriter) async throws -> Metadata,
        _ requests: RequestMessages,
        _ writer: ResponseWriter
    ) async -> Result<Metadata, RPCError> {
        let result = await self.inScope { () async throws -> Metadata in
            let trailers = try await handler(self.call, requests, writer)
            if let fault = trailers.firstFault() { throw fault }
            return trailers
        }
        self.ended(result.map { _ in })
        return result
    }

    /// Runs `body` within the call's scope and converts a thrown error to a status.
    private func inScope<Answer>(
        _ body: () async throws -> Answer
    ) async -> Result<Answer, RPCError> {
        let scope = CallScope(self.call)
        return await CallScope.$current.withValue(scope) {
            do {
                return .success(try await body())
            } catch {
                let error = RPCError(thrown: error)
                let isSettled = scope.failure?.isSettled ?? false
                return .failure(isSettled ? error.withoutRetry : error)
            }
        }
    }

    private func ended(_ result: Result<Void, RPCError>, request: Int = 0, response: Int = 0) {
        guard let telemetry = self.telemetry else { return }
        var code = StatusCode.ok
        if case .failure(let error) = result { code = error.code }
        telemetry.ended(
            self.call.method,
            code,
            since: self.start,
            request: request,
            response: response
        )
    }
}
