package import Checkers
package import Domain

extension Posted {
    /// Converts an entry of the ledger to its move.
    package init(_ entry: Entry) {
        let transfer = entry.transfer
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
            amount: transfer.amount.minorUnits,
            currency: transfer.amount.currency.code,
            debit: transfer.debit.name,
            credit: transfer.credit.name
        )
    }
}
