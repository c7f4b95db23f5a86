/// A transfer of money, as settlement files list it.
package struct Movement: Hashable, Sendable {
    package let sequence: UInt64
    /// The id of the payment or of the refund.
    package let reference: String
    /// Minor units; negative for a refund.
    package let amount: Int64
    package let currency: String

    package init(sequence: UInt64, reference: String, amount: Int64, currency: String) {
        self.sequence = sequence
        self.reference = reference
        self.amount = amount
        self.currency = currency
    }
}
