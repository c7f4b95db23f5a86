import Domain

/// A refund service that gives back whoever's payment it is.
struct OwnerlessRefunds: RefundGiving {
    let base: any RefundGiving

    func createRefund(
        _ order: RefundOrder,
        within: Duration
    ) async throws(DomainError) -> RefundReceipt {
        let anybodys = try RefundOrder(
            paymentID: order.paymentID,
            amount: order.amount,
            reason: order.reason,
            subject: order.subject,
            key: order.key,
            owner: nil
        )
        return try await self.base.createRefund(anybodys, within: within)
    }
}
