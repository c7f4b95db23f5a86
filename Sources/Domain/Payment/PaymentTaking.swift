/// The payment service as the gateway calls it.
///
/// A call that takes too long ends with ``DomainError/outcomeUnknown``; a retry with the same order
/// finds out.
package protocol PaymentTaking: Sendable {
    /// Takes a payment once.
    ///
    /// - Throws: `idempotencyConflict` if the key was used for another order; `orderConflict` if
    ///   the order has no key and was paid with other values.
    func createPayment(_ order: PaymentOrder) async throws(DomainError) -> PaymentReceipt

    /// A payment with its refunds.
    ///
    /// - Throws: `notFound` also if `owner` is set and is not the payer.
    func payment(
        _ paymentID: PaymentID,
        owner: Subject?
    ) async throws(DomainError) -> PaymentHistory
}
