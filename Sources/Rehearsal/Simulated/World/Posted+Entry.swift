package import Checkers
package import Domain

extension Posted {
    /// What an entry of the ledger moves.
    package init(_ entry: Entry) {
        let posting = entry.posting
        var refundID: String?
        var orderID: String?
        let subject: String
        switch entry.record {
        case .capture(let capture):
            orderID = capture.orderID?.text
            subject = capture.subject.text
        case .refund(let record):
            refundID = record.refund.refundID.text
            subject = record.subject.text
        }
        self.init(
            sequence: entry.sequence,
            kind: refundID == nil ? .capture : .refund,
            paymentID: entry.paymentID.text,
            refundID: refundID,
            orderID: orderID,
            subject: subject,
            amount: posting.amount.minorUnits,
            currency: posting.amount.currency.code,
            debit: posting.debit.name,
            credit: posting.credit.name
        )
    }
}
