/// A call that every policy let pass, ready to run once.
///
/// Running never throws: whatever a handler does ends in a reply or in an error for the wire.
package struct AdmittedCall: Sendable {
    package let call: IncomingCall
    package let method: RegisteredMethod

    /// Answers a unary method; `message` is the one request.
    package func run(
        _ message: [UInt8],
        _ handler: @Sendable (IncomingCall, [UInt8]) async throws -> UnaryReply
    ) async -> Result<UnaryReply, RPCError> {
        await CallScope.$current.withValue(CallScope(self.call)) {
            do {
                let reply = try await handler(self.call, message)
                if let fault = reply.headers.firstFault() ?? reply.trailers.firstFault() {
                    throw fault
                }
                return .success(reply)
            } catch {
                return .failure(RPCError(thrown: error))
            }
        }
    }

    /// Answers any method over streams; a unary one gets its single request from `requests`.
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
        do throws(RPCError) {
            let reply = try await self.run(try await requests.only(), handler).get()
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
        await CallScope.$current.withValue(CallScope(self.call)) {
            do {
                let trailers = try await handler(self.call, requests, writer)
                if let fault = trailers.firstFault() { throw fault }
                return .success(trailers)
            } catch {
                return .failure(RPCError(thrown: error))
            }
        }
    }
}
