import TransportCore

/// The handler's sending end of a stream between hosts.
struct ServingSink: ResponseSink {
    let served: ServedStream

    func send(headers: Metadata) async throws(RPCError) {
        if let fault = self.attempt.route.fabric.limits.fault(metadata: headers) {
            self.served.finish(.failure(fault))
        }
        guard !self.served.isOver else { throw .callEnded }
        let linkMessage = self.attempt.route.homeward(.message)
        guard await self.attempt.carry([], on: linkMessage, self.served.passages) != nil else {
            throw .callEnded
        }
        self.attempt.responses.receive(headers: headers)
        self.attempt.route.fabric.happened(.delivered, linkMessage)
    }

    func send(message: [UInt8]) async throws(RPCError) {
        if let fault = self.attempt.route.fabric.limits.fault(message: message) {
            self.served.finish(.failure(fault))
        }
        guard !self.served.isOver else { throw .callEnded }
        let linkMessage = self.attempt.route.homeward(.message, bytes: message.count)
        let arrived = await self.attempt.carry(message, on: linkMessage, self.served.passages)
        guard let arrived else { throw .callEnded }
        try await self.receive(arrived, linkMessage)
    }

    private func receive(_ message: [UInt8], _ linkMessage: LinkMessage) async throws(RPCError) {
        self.attempt.responses.receive(headers: [:])
        if await self.attempt.responses.receiveWhenRoom(message: message) {
            self.attempt.route.fabric.happened(.delivered, linkMessage)
            return
        }
        // The caller has stopped reading, but its cancellation is in transit or lost: nothing makes
        // room.
        self.attempt.route.fabric.happened(.late, linkMessage)
        await self.served.passages.stall()
        throw .callEnded
    }

    private var attempt: StreamAttempt { self.served.attempt }
}
