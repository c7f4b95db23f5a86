/// Refunds payments. Stateless: each effect is a ledger entry under a derived id.
package actor RefundService: RefundGiving {
    private let ledger: any LedgerKeeping
    private let derivation: IDDerivation

    package init(ledger: any LedgerKeeping, derivation: IDDerivation) {
        self.ledger = ledger
        self.derivation = derivation
    }

    package func createRefund(_ order: RefundOrder) async throws(DomainError) -> RefundReceipt {
        let draft = try order.with(id: self.derivation.refundID(for: order), owner: order.owner)
        do throws(DomainError) {
            return try await self.ledger.record(draft)
        } catch .conflict(let field) {
            throw .idempotencyConflict(field: field)
        }
    }
}
