import NIOCore
import TransportCore

/// Requests: from a header block to a running handler.
extension ServerConnection {
    /// Handles the header block of a new stream; nil stands for an oversized one.
    func open(_ id: Int32, _ fields: FieldBytes?, _ driver: SessionDriver) {
        guard self.runningHandlers < self.environment.handlersMax else {
            return driver.submit { session throws(NGHTTP2Error) in
                try session.reset(id, .refusedStream)
            }
        }
        do throws(RequestHead.Refusal) {
            guard let fields else { throw .status(.headersTooLarge) }
            self.admit(id, try RequestHead.parse(fields), driver)
        } catch {
            self.refuse(id, error, driver)
        }
    }

    /// Handles DATA.
    ///
    /// The connection's credit is returned at once, so that no stream starves another.
    func receive(_ bytes: ArraySlice<UInt8>, on id: Int32, _ driver: SessionDriver) {
        driver.submit { session throws(NGHTTP2Error) in try session.consumeConnection(bytes.count) }
        guard let stream = self.streams[id] else { return }
        let limit = self.environment.limits.messageBytesMax
        var queued = 0
        var rest = bytes
        do throws(RPCError) {
            while !stream.isOver, let message = try stream.deframer.next(&rest) {
                queued += self.accept(message, stream)
                if stream.credit.isTooMuch(queued, messageBytesMax: limit) { throw .tooMuchUnread }
            }
        } catch {
            self.fail(stream, error)
        }
        self.giveBack(stream.received(bytes.count, queued: queued), to: id)
    }

    /// Handles the end of the requests.
    func remoteEnded(_ stream: ServerStream) {
        stream.hasRemoteEnded = true
        guard !stream.isOver, let call = stream.call else { return }
        if stream.deframer.isInsideMessage { return self.fail(stream, .truncatedMessage) }
        if let requests = stream.requests { return requests.finish() }
        guard case .unary(let handler) = call.method.handler else { return }
        guard let message = stream.message.take() else { return self.fail(stream, .noRequest) }
        self.start(stream) { await call.run(message, handler) }
    }

    private func admit(_ id: Int32, _ head: RequestHead, _ driver: SessionDriver) {
        guard head.metadata.size <= self.environment.limits.metadataBytesMax else {
            return self.refuse(id, .status(.headersTooLarge), driver)
        }
        let call = IncomingCall(
            method: head.method,
            metadata: head.metadata,
            deadline: head.timeout.map { self.environment.timeline.now.advanced(by: $0) },
            peer: self.peer
        )
        switch self.environment.router.admit(call) {
        case .failure(let error): self.refuse(id, .status(error), driver)
        case .success(let admitted): self.begin(id, admitted, head)
        }
    }

    private func refuse(_ id: Int32, _ refusal: RequestHead.Refusal, _ driver: SessionDriver) {
        let stream = self.makeStream(id, nil)
        stream.isOver = true
        let headers =
            switch refusal {
            case .http(let status, let allow): ResponseHead.http(status: status, allow: allow)
            case .status(let error): ResponseHead.trailersOnly(error)
            }
        driver.submit { session throws(NGHTTP2Error) in try session.submitResponse(id, headers, nil)
        }
    }

    private func begin(_ id: Int32, _ call: AdmittedCall, _ head: RequestHead) {
        let stream = self.makeStream(id, call)
        stream.deframer.encoding = head.encoding
        stream.acceptsGzip = head.acceptsGzip
        if let timeout = head.timeout {
            let time = TimeAmount(clamping: timeout)
            stream.deadlineTimer = self.loop.assumeIsolated().scheduleTask(in: time) {
                self.deadlinePassed(stream)
            }
        }
        guard let requests = stream.requests else { return }
        let writer = ResponseWriter(ServerStreamSink(connection: self, stream: id))
        self.start(stream) {
            await call.run(RequestMessages(requests), writer).map { UnaryReply([], trailers: $0) }
        }
    }

    private func start(
        _ stream: ServerStream,
        _ operation: @escaping @Sendable () async -> Result<UnaryReply, RPCError>
    ) {
        self.handlerStarted()
        let id = stream.id
        stream.task = Task(executorPreference: self.executor) {
            let result = await operation()
            self.onLoop { $0.handlerEnded(id, result) }
        }
    }

    private func makeStream(_ id: Int32, _ call: AdmittedCall?) -> ServerStream {
        let limit = self.environment.limits.messageBytesMax
        let requests = call.flatMap { self.makePipe(id, $0) }
        let stream = ServerStream(
            id: id,
            call: call,
            deframer: MessageDeframer(
                messageBytesMax: limit,
                sender: "caller",
                surplus: requests == nil ? .secondRequest : nil
            ),
            requests: requests
        )
        self.streams[id] = stream
        return stream
    }

    private func makePipe(_ id: Int32, _ call: AdmittedCall) -> MessagePipe? {
        guard case .streaming = call.method.handler else { return nil }
        return MessagePipe { count in
            self.onLoop { connection in
                guard let stream = connection.streams[id] else { return }
                connection.giveBack(stream.taken(count), to: id)
            }
        }
    }

    /// Keeps a message; returns the weight that now waits for the handler.
    private func accept(_ message: [UInt8], _ stream: ServerStream) -> Int {
        if let requests = stream.requests {
            requests.push(message)
            return ReceiveCredit.weight(of: message.count)
        }
        stream.message = message
        return 0
    }

    private func giveBack(_ credit: Int, to id: Int32) {
        guard credit > 0 else { return }
        self.driver?.submit { session throws(NGHTTP2Error) in try session.consumeStream(id, credit)
        }
    }
}
