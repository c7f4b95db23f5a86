import TransportCore

/// A call whose messages are sent and read one by one: two pipes and how it ended.
final class StreamCall: CarriedCall {
    let incoming: IncomingCall

    /// What the caller reads.
    let responses = ResponseStream()

    /// What the handler reads.
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

    /// Ends the call with an error that did not come from its handler.
    ///
    /// A caller whose time is up, or who cancelled, reads nothing more; one whose server stopped
    /// still reads what had come.
    func end(_ reason: Interruption) {
        let isFirst = self.completion.settle(.failure(reason.error)) {
            // Before its handler is cancelled: what it reads then is not what was left unread.
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

    /// How the call ended, or nil while it is open.
    var status: Result<Metadata, RPCError>? { self.completion.settled }

    /// Ends the call with its status; what was sent before is still read.
    func finish(_ status: Result<Metadata, RPCError>) {
        let status = status.flatMap { trailers in
            self.limits.fault(metadata: trailers).map { .failure($0) } ?? .success(trailers)
        }
        guard self.completion.settle(status) else { return }
        // First, so that a caller who has read how the call ended sends into it no more.
        self.requests.abandon(status.error ?? .callEnded)
        switch status {
        case .success(let trailers): self.responses.finish(trailers: trailers)
        case .failure(let error): self.responses.fail(error)
        }
    }
}
