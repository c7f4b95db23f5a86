import TransportCore

/// Produces the reply to one request, independent of how the two travel.
struct UnaryAnswer {
    let incoming: IncomingCall
    let request: [UInt8]
    let limits: TransportLimits

    /// Runs the method's handler; `onSecond` is called for each message after the first.
    func result(
        _ router: Router,
        onSecond: @escaping @Sendable () -> Void
    ) async -> Result<UnaryReply, RPCError> {
        do throws(RPCError) {
            let reply = try await self.reply(router, onSecond)
            if let fault = self.limits.fault(in: reply) { throw fault }
            return .success(reply)
        } catch {
            return .failure(error)
        }
    }

    private func reply(
        _ router: Router,
        _ onSecond: @escaping @Sendable () -> Void
    ) async throws(RPCError) -> UnaryReply {
        let admitted = try router.admit(self.incoming).get()
        if let fault = self.limits.fault(message: self.request) {
            admitted.failed(fault)
            throw fault
        }
        guard case .unary(let handler) = admitted.method.handler else {
            return try await self.gather(admitted, onSecond)
        }
        return try await admitted.run(self.request, handler).get()
    }

    /// Runs a streaming handler and returns the single message that it must send.
    private func gather(
        _ admitted: AdmittedCall,
        _ onSecond: @escaping @Sendable () -> Void
    ) async throws(RPCError) -> UnaryReply {
        let requests = MessagePipe()
        requests.push(self.request)
        requests.finish()
        let responses = SingleResponse(onSecond: onSecond)
        let ended = await admitted.run(RequestMessages(requests), ResponseWriter(responses))
        return try responses.reply(trailers: try ended.get())
    }
}
