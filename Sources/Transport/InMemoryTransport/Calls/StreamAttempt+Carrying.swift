import TransportCore

extension StreamAttempt {
    /// Takes `message` across while its sender waits; a lost one keeps it until the end is over.
    ///
    /// - Returns: what arrives; nil when the sender's end is over or its task cancelled.
    func carry(
        _ message: [UInt8],
        on crossing: Crossing,
        _ passages: Passages
    ) async -> [UInt8]? {
        let verdict = self.route.fabric.verdict(on: crossing)
        self.follow(verdict.end, on: crossing)
        guard let delivery = verdict.deliveries.first else {
            await passages.stall()
            return nil
        }
        let arrived = delivery.mangling?.applied(to: message) ?? message
        if delivery.after <= .zero { return arrived }
        let hasArrived = await passages.pass { passage in
            let isOff = self.route.fabric.courier.after(delivery.after) { passage.settle(true) }
            if !isOff { self.route.fabric.happened(.lost, crossing) }
        }
        return hasArrived ? arrived : nil
    }
}
