import NIOCore
import TransportCore

/// Responses: from a handler's results to frames.
extension ServerConnection {
    // MARK: From a handler's writer

    /// Sends headers for a handler; false when its call has ended.
    func write(headers: Metadata, to id: Int32) -> Bool {
        guard let stream = self.streams[id], !stream.isOver else { return false }
        self.sendHeaders(headers, stream, .gzip)
        return true
    }

    /// Queues a message from a handler.
    ///
    /// - Returns: true when the next may follow at once, false when the writer must wait for room,
    ///   nil when the call has ended.
    func write(_ message: [UInt8], to id: Int32) -> Bool? {
        guard let stream = self.streams[id], !stream.isOver else { return nil }
        self.sendHeaders([:], stream, .gzip)
        stream.body.append(message: message, compressed: self.compressed(message, stream))
        self.driver?.bodyChanged(id, stream.body)
        return stream.body.count <= OutboundBody.highWater
    }

    /// Resumes `writer` when the stream has room or has ended.
    func waitForRoom(_ id: Int32, _ writer: CheckedContinuation<Void, Never>) {
        guard let stream = self.streams[id], !stream.isOver,
            stream.body.count > OutboundBody.highWater
        else { return writer.resume() }
        stream.body.hasWaitingWriter = true
        stream.writers.append(writer)
    }

    // MARK: Ends

    func handlerEnded(_ id: Int32, _ result: Result<UnaryReply, RPCError>) {
        defer { self.handlerEnded() }
        guard let stream = self.streams[id], !stream.isOver else { return }
        switch result {
        case .failure(let error): self.end(stream, error)
        case .success(let reply):
            if stream.requests == nil {
                self.sendAnswer(reply, stream)
            }
            self.end(stream, trailers: reply.trailers)
        }
    }

    /// Ends the call at its deadline.
    ///
    /// The deadline holds until the last byte is sent, so that a caller that does not read keeps
    /// nothing alive.
    func deadlinePassed(_ stream: ServerStream) {
        guard stream.isOver else { return self.fail(stream, .deadlineExceeded) }
        let id = stream.id
        self.driver?.submit { session throws(NGHTTP2Error) in try session.reset(id, .cancel) }
    }

    /// Ends a call regardless of its handler; unsent messages are discarded.
    func fail(_ stream: ServerStream, _ error: RPCError) {
        guard !stream.isOver else { return }
        stream.body.discard()
        self.end(stream, error)
    }

    private func end(_ stream: ServerStream, trailers: Metadata) {
        self.sendHeaders([:], stream, .identity)
        stream.body.end(.trailers(ResponseHead.trailers(trailers)))
        self.settle(stream, .callerGone)
    }

    private func end(_ stream: ServerStream, _ error: RPCError) {
        if stream.hasSentHeaders {
            stream.body.end(.trailers(ResponseHead.trailers(error)))
        } else {
            stream.hasSentHeaders = true
            let id = stream.id
            let headers = ResponseHead.trailersOnly(error)
            self.driver?.submit { session throws(NGHTTP2Error) in
                try session.submitResponse(id, headers, nil)
            }
        }
        self.settle(stream, error)
    }

    private func settle(_ stream: ServerStream, _ error: RPCError) {
        stream.settle(error)
        self.driver?.bodyChanged(stream.id, stream.body)
    }

    /// Sends the single response of a unary call.
    private func sendAnswer(_ reply: UnaryReply, _ stream: ServerStream) {
        let compressed = self.compressed(reply.message, stream)
        self.sendHeaders(reply.headers, stream, compressed == nil ? .identity : .gzip)
        stream.body.append(message: reply.message, compressed: compressed)
    }

    /// Compresses `message`; nil to send it uncompressed.
    private func compressed(_ message: [UInt8], _ stream: ServerStream) -> [UInt8]? {
        guard stream.acceptsGzip, let method = stream.call?.method.name else { return nil }
        return self.compressor?.compress(message, of: method)
    }

    /// Sends headers before messages that may use `encoding`.
    private func sendHeaders(
        _ metadata: Metadata,
        _ stream: ServerStream,
        _ encoding: MessageEncoding
    ) {
        guard !stream.hasSentHeaders else { return }
        stream.hasSentHeaders = true
        let compresses = stream.acceptsGzip && self.compressor != nil
        let headers = ResponseHead.headers(metadata, compresses ? encoding : nil)
        let (id, body) = (stream.id, stream.body)
        self.driver?.submit { session throws(NGHTTP2Error) in
            try session.submitResponse(id, headers, body)
        }
    }
}
