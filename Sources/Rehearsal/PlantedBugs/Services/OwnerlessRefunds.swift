import Domain

/// A refund service that refunds every payment for every caller.
struct OwnerlessRefunds: RefundGiving {
    let base: any RefundGiving

    func createRefund(_ order: RefundOrder) async throws(DomainError) -> RefundReceipt {
        try await self.base.createRefund(try order.with(id: order.id, owner: nil))
    }
}
