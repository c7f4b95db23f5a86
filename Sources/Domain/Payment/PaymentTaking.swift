/// The payment service as the gateway calls it.
///
/// `within` bounds the call. When it expires the error is ``DomainError/outcomeUnknown``; a retry
/// with the same order finds out.
package protocol PaymentTaking: Sendable {
    /// Takes a payment once.
    ///
    /// - Throws: `idempotencyConflict` if the key was used for another order; `orderConflict` if
    ///   the order has no key and was paid with other values.
    func createPayment(
        _ order: PaymentOrder,
        within: Duration
    ) async throws(DomainError) -> PaymentReceipt

    /// A payment with its refunds.
    ///
    /// - Throws: `notFound` also if `owner` is set and is not the payer.
    func payment(
        _ paymentID: PaymentID,
        owner: Subject?,
        within: Duration
    ) async throws(DomainError) -> PaymentHistory
}
