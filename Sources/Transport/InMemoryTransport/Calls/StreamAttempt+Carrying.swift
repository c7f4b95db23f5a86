import TransportCore

extension StreamAttempt {
    /// Carries `message` across while its sender waits.
    ///
    /// A lost message keeps its sender waiting until that end closes.
    ///
    /// - Returns: the message as it arrives; nil when the sender's end has closed or its task is
    ///   cancelled.
    func carry(
        _ message: [UInt8],
        on linkMessage: LinkMessage,
        _ passages: Passages
    ) async -> [UInt8]? {
        let verdict = self.route.fabric.verdict(on: linkMessage)
        self.follow(verdict.end, on: linkMessage)
        guard let delivery = verdict.deliveries.first else {
            await passages.stall()
            return nil
        }
        let arrived = delivery.mangling?.applied(to: message) ?? message
        if delivery.after <= .zero { return arrived }
        let hasArrived = await passages.pass { passage in
            let isOff = self.route.fabric.scheduler.after(delivery.after) { passage.settle(true) }
            if !isOff { self.route.fabric.happened(.lost, linkMessage) }
        }
        return hasArrived ? arrived : nil
    }
}
