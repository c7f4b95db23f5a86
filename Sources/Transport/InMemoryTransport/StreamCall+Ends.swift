import TransportCore

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
