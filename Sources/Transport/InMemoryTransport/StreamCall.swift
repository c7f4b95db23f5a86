import TransportCore

/// A call whose messages are sent and read one by one: two pipes and a status.
final class StreamCall: CarriedCall {
    let incoming: IncomingCall

    /// The responses for the caller.
    let responses = ResponseStream()

    /// The requests for the handler.
    let requests = MessagePipe()

    let limits: TransportLimits
    private let completion = Completion<Result<Metadata, RPCError>>()

    init(_ incoming: IncomingCall, limits: TransportLimits) {
        self.incoming = incoming
        self.limits = limits
    }

    func answer(_ router: Router) async {
        guard self.completion.settled == nil else { return }
        switch router.admit(self.incoming) {
        case .failure(let error): self.finish(.failure(error))
        case .success(let admitted):
            let writer = ResponseWriter(ServerEnd(call: self))
            let status = await admitted.run(RequestMessages(self.requests), writer)
            self.endIfStopped()
            self.finish(status)
        }
    }

    /// Ends the call with an error from outside its handler.
    ///
    /// A caller that cancelled or whose deadline passed reads nothing more. A caller whose server
    /// stopped still reads the messages that have arrived.
    func end(_ reason: Interruption) {
        let isFirst = self.completion.settle(.failure(reason.error)) {
            // Discard requests before the handler is cancelled, so that it cannot read them any
            // more.
            self.requests.abandon(reason.error)
        }
        guard isFirst else { return }
        switch reason {
        case .callerCancelled, .callerCrashed, .deadlinePassed:
            self.responses.abandon(reason.error)
        case .serverStopped, .serverCrashed, .connectionReset: self.responses.fail(reason.error)
        }
    }

    func over() async { _ = await self.completion.value }

    /// The status of the call; nil while it is open.
    var status: Result<Metadata, RPCError>? { self.completion.settled }

    /// Ends the call with its status; earlier messages can still be read.
    func finish(_ status: Result<Metadata, RPCError>) {
        let status = status.flatMap { trailers in
            self.limits.fault(metadata: trailers).map { .failure($0) } ?? .success(trailers)
        }
        guard self.completion.settle(status) else { return }
        // Requests end first, so that a caller that has read the status can send no more.
        self.requests.abandon(status.error ?? .callEnded)
        switch status {
        case .success(let trailers): self.responses.finish(trailers: trailers)
        case .failure(let error): self.responses.fail(error)
        }
    }
}

/// The caller's sending end of a ``StreamCall``.
struct ClientEnd: RequestSink {
    let call: StreamCall

    func send(message: [UInt8]) async throws(RPCError) {
        if let fault = self.call.limits.fault(message: message) {
            self.call.finish(.failure(fault))
        }
        if await self.call.requests.send(message) { return }
        throw self.call.status.map { $0.error ?? .callEnded } ?? .notSending
    }

    func finishSending() { self.call.requests.finish() }

    func cancel() { self.call.end(.callerCancelled) }
}

/// The handler's sending end of a ``StreamCall``.
struct ServerEnd: ResponseSink {
    let call: StreamCall

    func send(headers: Metadata) async throws(RPCError) {
        if let fault = self.call.limits.fault(metadata: headers) {
            self.call.finish(.failure(fault))
        }
        guard self.call.status == nil else { throw .callEnded }
        self.call.responses.receive(headers: headers)
    }

    func send(message: [UInt8]) async throws(RPCError) {
        if let fault = self.call.limits.fault(message: message) {
            self.call.finish(.failure(fault))
        }
        guard self.call.status == nil else { throw .callEnded }
        self.call.responses.receive(headers: [:])
        guard await self.call.responses.receiveWhenRoom(message: message) else { throw .callEnded }
    }
}

extension RPCError {
    static let callEnded = RPCError(.cancelled, "the call has ended")

    static let notSending = RPCError(
        .cancelled,
        "the sending task was cancelled, or has said that it finished"
    )
}

extension Result where Failure == RPCError {
    var error: RPCError? {
        if case .failure(let error) = self { error } else { nil }
    }
}
