/// An entry of the journal; immutable once written.
package struct Entry: Hashable, Sendable {
    /// 1, 2, 3, … without gaps.
    package let sequence: UInt64
    package let record: Record

    package init(sequence: UInt64, record: Record) {
        self.sequence = sequence
        self.record = record
    }

    package enum Record: Hashable, Sendable {
        case capture(Capture)
        case refund(RefundRecord)
    }

    /// `capture` or `refund`.
    package var kind: String {
        switch self.record {
        case .capture: "capture"
        case .refund: "refund"
        }
    }

    /// The payment's or the refund's id.
    package var id: String {
        switch self.record {
        case .capture(let capture): capture.paymentID.text
        case .refund(let record): record.refund.refundID.text
        }
    }

    package var paymentID: PaymentID {
        switch self.record {
        case .capture(let capture): capture.paymentID
        case .refund(let record): record.refund.paymentID
        }
    }

    package var transfer: Transfer {
        switch self.record {
        case .capture(let capture): capture.transfer
        case .refund(let record): record.transfer
        }
    }
}
