import TransportCore

/// The caller's sending end of a stream between hosts.
struct CallingSink: RequestSink {
    let attempt: StreamAttempt

    func send(message: [UInt8]) async throws(RPCError) {
        if let status = self.attempt.status { throw status.error ?? .callEnded }
        if let fault = self.attempt.route.fabric.limits.fault(message: message) {
            self.attempt.breakOff(fault, on: self.attempt.route.outward(.message))
            throw fault
        }
        let linkMessage = self.attempt.route.outward(.message, bytes: message.count)
        let arrived = await self.attempt.carry(message, on: linkMessage, self.attempt.passages)
        guard let arrived else { throw self.endOrCancellation }
        if let served = self.attempt.served, await served.requests.send(arrived) {
            self.attempt.route.fabric.happened(.delivered, linkMessage)
            return
        }
        // The server has ended the call, but the status is in transit or lost.
        self.attempt.route.fabric.happened(.late, linkMessage)
        await self.attempt.passages.stall()
        throw self.endOrCancellation
    }

    func finishSending() {
        let linkMessage = self.attempt.route.outward(.message)
        var verdict = self.attempt.route.fabric.verdict(on: linkMessage)
        verdict.deliveries = Array(verdict.deliveries.prefix(1))
        self.attempt.route.fabric.deliver(verdict, on: linkMessage) { _ in
            guard let served = self.attempt.served else { return .late }
            served.requests.finish()
            return .delivered
        }
        self.attempt.follow(verdict.end, on: linkMessage)
    }

    func cancel() { self.attempt.giveUp(.callerCancelled) }

    private var endOrCancellation: RPCError {
        self.attempt.status.map { $0.error ?? .callEnded } ?? .notSending
    }
}
