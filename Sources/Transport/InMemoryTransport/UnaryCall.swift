import TransportCore

/// A call with one message each way: no stream is made for it unless its handler wants one.
final class UnaryCall: CarriedCall {
    let incoming: IncomingCall
    private let request: [UInt8]
    private let limits: TransportLimits
    private let completion = Completion<Result<UnaryReply, RPCError>>()

    init(_ incoming: IncomingCall, _ request: [UInt8], limits: TransportLimits) {
        self.incoming = incoming
        self.request = request
        self.limits = limits
    }

    /// The reply, for the caller; cancelling the task cancels the call.
    func reply() async throws(RPCError) -> UnaryReply {
        let result = await withTaskCancellationHandler {
            await self.completion.value
        } onCancel: {
            self.end(.callerCancelled)
        }
        return try result.get()
    }

    func answer(_ router: Router) async {
        guard self.completion.settled == nil else { return }
        do throws(RPCError) {
            let reply = try await self.ask(router)
            if let fault = self.limits.fault(in: reply) { throw fault }
            self.completion.settle(.success(reply))
        } catch {
            self.completion.settle(.failure(error))
        }
    }

    func end(_ reason: Interruption) { self.completion.settle(.failure(reason.error)) }

    func over() async { _ = await self.completion.value }

    private func ask(_ router: Router) async throws(RPCError) -> UnaryReply {
        let admitted = try router.admit(self.incoming).get()
        if let fault = self.limits.fault(message: self.request) { throw fault }
        guard case .unary(let handler) = admitted.method.handler else {
            return try await self.gather(admitted)
        }
        return try await admitted.run(self.request, handler).get()
    }

    /// Lets a handler of streams answer, and takes the one message that it must send.
    private func gather(_ admitted: AdmittedCall) async throws(RPCError) -> UnaryReply {
        let requests = MessagePipe()
        requests.push(self.request)
        requests.finish()
        let responses = SingleResponse { self.completion.settle(.failure(.secondResponse)) }
        let ended = await admitted.run(RequestMessages(requests), ResponseWriter(responses))
        return try responses.reply(trailers: try ended.get())
    }
}
