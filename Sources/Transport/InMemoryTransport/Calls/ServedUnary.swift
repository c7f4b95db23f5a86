import TransportCore

/// The server's end of a unary call between hosts.
final class ServedUnary: ServedCall {
    let incoming: IncomingCall
    private let request: [UInt8]
    private let attempt: UnaryAttempt
    private let server: InMemoryServer
    private let ticket: UInt64
    private let ended = Completion<Void>()

    init(
        _ incoming: IncomingCall,
        _ request: [UInt8],
        from attempt: UnaryAttempt,
        at server: InMemoryServer,
        _ ticket: UInt64
    ) {
        self.incoming = incoming
        self.request = request
        self.attempt = attempt
        self.server = server
        self.ticket = ticket
    }

    func answer(_ router: Router) async {
        guard self.ended.settled == nil else { return }
        let limits = self.attempt.route.fabric.limits
        let answer = UnaryAnswer(incoming: self.incoming, request: self.request, limits: limits)
        let result = await answer.result(router) { self.finish(.failure(.secondResponse)) }
        self.endIfStopped()
        self.finish(result)
    }

    func end(_ reason: Interruption) {
        if reason.isToldToCaller {
            self.finish(.failure(reason.error))
        } else if self.ended.settle(()) {
            self.leave()
        }
    }

    func over() async { await self.ended.value }

    func leave() {
        self.attempt.peers.remove(self)
        self.server.host?.incoming.remove(self.ticket)
    }

    private func finish(_ result: Result<UnaryReply, RPCError>) {
        guard self.ended.settle(()) else { return }
        self.leave()
        self.attempt.answered(result)
    }
}
