import Domain

/// A payment service that shows every payment to every caller.
struct OwnerlessPayments: PaymentTaking {
    let base: any PaymentTaking

    func createPayment(_ order: PaymentOrder) async throws(DomainError) -> PaymentReceipt {
        try await self.base.createPayment(order)
    }

    func payment(
        _ paymentID: PaymentID,
        owner: Subject?
    ) async throws(DomainError) -> PaymentHistory {
        try await self.base.payment(paymentID, owner: nil)
    }
}
