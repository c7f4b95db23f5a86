import TransportCore

/// The caller's end of a unary call between hosts.
final class UnaryAttempt: Attempt {
    let route: Route
    let peers = Peers()
    let ticket: UInt64
    private let metadata: Metadata
    private let timeout: Duration?
    private let request: [UInt8]
    private let completion = Completion<Result<UnaryReply, AttemptFailure>>()

    init(_ route: Route, _ call: OutgoingCall, _ request: [UInt8], ticket: UInt64) {
        self.route = route
        self.ticket = ticket
        self.metadata = call.metadata
        self.timeout = call.timeout
        self.request = request
    }

    /// Sends the request and waits for the reply; cancelling the task cancels the call.
    func reply() async throws(AttemptFailure) -> UnaryReply {
        let linkMessage = self.route.outward(.request, bytes: self.request.count)
        self.dispatch(self.route.fabric.verdict(on: linkMessage), on: linkMessage)
        guard let timeout = self.timeout, self.completion.settled == nil else {
            return try await self.outcome().get()
        }
        return try await self.outcome(within: timeout).get()
    }

    /// Sends the server's reply or error to the caller.
    func answered(_ result: Result<UnaryReply, RPCError>) {
        let result = self.peers.hasCopies ? result.mapError(\.unvouched) : result
        let bytes = (try? result.get().message.count) ?? 0
        let linkMessage = self.route.homeward(.reply, bytes: bytes)
        let verdict = self.route.fabric.verdict(on: linkMessage)
        self.route.fabric.deliver(verdict, on: linkMessage) { mangling in
            let reply = mangling.map { result.mangled($0) } ?? result
            return self.settle(reply.mapError { AttemptFailure(error: $0) }) ? .delivered : .late
        }
        self.follow(verdict.end, on: linkMessage)
    }

    func makeServed(
        on server: InMemoryServer,
        _ mangling: Verdict.Mangling?
    ) throws(RPCError) -> (any ServedCall)? {
        let incoming = IncomingCall(
            method: self.route.method,
            metadata: self.metadata,
            deadline: self.timeout.map { server.timeline.now.advanced(by: $0) },
            peer: self.route.caller.name
        )
        let request = mangling?.applied(to: self.request) ?? self.request
        return try server.admit { ServedUnary(incoming, request, from: self, at: server, $0) }
    }

    func wasAccepted() {}

    func fail(_ failure: AttemptFailure) -> Bool { self.settle(.failure(failure)) }

    private func settle(_ result: Result<UnaryReply, AttemptFailure>) -> Bool {
        guard self.completion.settle(result) else { return false }
        self.route.caller.outgoing.remove(self.ticket)
        return true
    }

    private func outcome() async -> Result<UnaryReply, AttemptFailure> {
        await withTaskCancellationHandler {
            await self.completion.value
        } onCancel: {
            self.giveUp(.callerCancelled)
        }
    }

    private func outcome(within timeout: Duration) async -> Result<UnaryReply, AttemptFailure> {
        let timeline = self.route.caller.timeline
        let deadline = timeline.now.advanced(by: timeout)
        if let cancel = timeline.call(at: deadline, { self.giveUp(.deadlinePassed) }) {
            defer { cancel() }
            return await self.outcome()
        }
        return await withTaskGroup(of: Void.self) { group in
            group.addTask(name: "deadline") {
                do { try await timeline.sleep(until: deadline) } catch { return }
                self.giveUp(.deadlinePassed)
            }
            defer { group.cancelAll() }
            return await self.outcome()
        }
    }
}

extension Result where Success == UnaryReply, Failure == RPCError {
    fileprivate func mangled(_ mangling: Verdict.Mangling) -> Self {
        self.map { reply in
            UnaryReply(
                mangling.applied(to: reply.message),
                headers: reply.headers,
                trailers: reply.trailers
            )
        }
    }
}
