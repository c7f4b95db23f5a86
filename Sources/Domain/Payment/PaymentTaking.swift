/// The payment service as the others see it.
///
/// `within` is the time that the caller gives the call. When it runs out the error is
/// ``DomainError/outcomeUnknown``; asking again with the same order settles it.
package protocol PaymentTaking: Sendable {
    /// Takes a payment once.
    ///
    /// Another order under the same key is `idempotencyConflict`, without a key `orderConflict`.
    func createPayment(
        _ order: PaymentOrder,
        within: Duration
    ) async throws(DomainError) -> PaymentReceipt

    /// A payment with its refunds; `notFound` when `owner` is set and it is somebody else's.
    func payment(
        _ paymentID: PaymentID,
        owner: Subject?,
        within: Duration
    ) async throws(DomainError) -> PaymentHistory
}
