import TransportCore

/// A call with one message each way, without a stream unless its handler needs one.
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

    /// Waits for the reply; cancelling the task cancels the call.
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
        let answer = UnaryAnswer(
            incoming: self.incoming,
            request: self.request,
            limits: self.limits
        )
        let result = await answer.result(router) {
            self.completion.settle(.failure(.secondResponse))
        }
        self.endIfStopped()
        self.completion.settle(result)
    }

    func end(_ reason: Interruption) { self.completion.settle(.failure(reason.error)) }

    func over() async { _ = await self.completion.value }
}
