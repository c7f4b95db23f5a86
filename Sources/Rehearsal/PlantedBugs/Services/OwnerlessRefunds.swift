import Domain

/// A refund service that gives back whoever's payment it is.
struct OwnerlessRefunds: RefundGiving {
    let base: any RefundGiving

    func createRefund(_ order: RefundOrder) async throws(DomainError) -> RefundReceipt {
        try await self.base.createRefund(try order.with(id: order.id, owner: nil))
    }
}
