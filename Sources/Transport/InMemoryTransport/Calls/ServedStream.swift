import TransportCore

/// The server's end of a stream between hosts.
final class ServedStream: ServedCall {
    let incoming: IncomingCall
    let attempt: StreamAttempt

    /// The requests for the handler.
    let requests = MessagePipe()

    /// The responses in transit.
    let passages = Passages()

    private let server: InMemoryServer
    private let ticket: UInt64
    private let completion = Completion<RPCError>()

    init(
        _ incoming: IncomingCall,
        from attempt: StreamAttempt,
        at server: InMemoryServer,
        _ ticket: UInt64
    ) {
        self.incoming = incoming
        self.attempt = attempt
        self.server = server
        self.ticket = ticket
    }

    /// True when this end has closed.
    var isOver: Bool { self.completion.settled != nil }

    func answer(_ router: Router) async {
        guard !self.isOver else { return }
        switch router.admit(self.incoming) {
        case .failure(let error): self.finish(.failure(error))
        case .success(let admitted):
            let writer = ResponseWriter(ServingSink(served: self))
            let status = await admitted.run(RequestMessages(self.requests), writer)
            self.endIfStopped()
            self.finish(status)
        }
    }

    func end(_ reason: Interruption) {
        guard self.close(reason.error) else { return }
        if reason.isToldToCaller { self.attempt.answered(.failure(reason.error)) }
    }

    func over() async { _ = await self.completion.value }

    func leave() {
        self.attempt.peers.remove(self)
        self.attempt.forgetServed()
        self.server.host?.incoming.remove(self.ticket)
    }

    /// Ends the call with its status.
    func finish(_ status: Result<Metadata, RPCError>) {
        let limits = self.attempt.route.fabric.limits
        let status = status.flatMap { trailers in
            limits.fault(metadata: trailers).map { .failure($0) } ?? .success(trailers)
        }
        guard self.close(status.error ?? .callEnded) else { return }
        self.attempt.answered(status)
    }

    private func close(_ error: RPCError) -> Bool {
        guard self.completion.settle(error) else { return false }
        self.requests.abandon(error)
        self.passages.close()
        self.leave()
        return true
    }
}
