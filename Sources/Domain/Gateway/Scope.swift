/// The OAuth scopes of the shipped services' methods.
package enum Scope {
    package static let paymentWrite = "payment:write"
    package static let paymentRead = "payment:read"
    package static let refundWrite = "refund:write"
    /// Lifts the restriction to the caller's own payments.
    package static let paymentAdmin = "payment:admin"
    package static let ledgerCapture = "ledger:capture"
    package static let ledgerRefund = "ledger:refund"
    package static let ledgerRead = "ledger:read"

    /// The scopes of a user who pays and refunds.
    package static let ofUsers = [paymentWrite, paymentRead, refundWrite]

    /// Checks the syntax of a scope (RFC 6749 § 3.3).
    static func isValid(_ scope: String) -> Bool {
        !scope.isEmpty
            && scope.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }
}
