/// Takes payments. Stateless: each effect is a ledger entry under a derived id.
package actor PaymentService: PaymentTaking {
    private let ledger: any LedgerKeeping
    private let derivation: IDDerivation

    package init(ledger: any LedgerKeeping, derivation: IDDerivation) {
        self.ledger = ledger
        self.derivation = derivation
    }

    package func createPayment(_ order: PaymentOrder) async throws(DomainError) -> PaymentReceipt {
        let capture = Capture(
            paymentID: self.derivation.paymentID(for: order),
            amount: order.amount,
            method: order.method,
            orderID: order.orderID,
            subject: order.subject
        )
        do throws(DomainError) {
            let receipt = try await self.ledger.record(capture)
            return PaymentReceipt(payment: Payment(receipt.capture), isReplay: receipt.isReplay)
        } catch .conflict(let field) where order.key == nil {
            throw .orderConflict(field: field)
        } catch .conflict(let field) {
            throw .idempotencyConflict(field: field)
        }
    }

    package func payment(
        _ paymentID: PaymentID,
        owner: Subject?
    ) async throws(DomainError) -> PaymentHistory {
        let history = try await self.ledger.history(of: paymentID, owner: owner)
        return PaymentHistory(
            payment: Payment(history.capture),
            refunds: history.refunds,
            remaining: history.remaining
        )
    }
}
