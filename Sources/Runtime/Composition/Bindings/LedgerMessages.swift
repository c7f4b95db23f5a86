import Domain
import ServiceMessages
import SwiftProtobuf

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// Conversions between the ledger's values and messages.

extension Ledger_RecordTransactionResponse {
    init(_ receipt: CaptureReceipt) {
        self.init()
        self.transaction = Ledger_Transaction(receipt.capture)
        self.alreadyRecorded = receipt.isReplay
    }
}

extension Ledger_Transaction {
    init(_ capture: Capture) {
        self.init()
        self.paymentID = capture.paymentID.text
        self.amount = capture.amount.minorUnits
        self.currency = capture.amount.currency.code
        self.method = capture.method.rawValue
        self.orderID = capture.orderID?.text ?? ""
        self.subject = capture.subject.text
    }

    var capture: Capture {
        get throws(DomainError) {
            Capture(
                paymentID: try PaymentID(self.paymentID),
                amount: try .recorded(self.amount, self.currency),
                method: try PaymentMethod(name: self.method),
                orderID: try OrderID.unlessEmpty(self.orderID),
                subject: try Subject(self.subject)
            )
        }
    }
}

extension Ledger_RecordRefundResponse {
    init(_ receipt: RefundReceipt) {
        self.init()
        self.refund = Ledger_RecordedRefund(receipt.refund)
        self.remaining = receipt.remaining
        self.alreadyRecorded = receipt.isReplay
    }

    var receipt: RefundReceipt {
        get throws(DomainError) {
            RefundReceipt(
                refund: try self.refund.refund,
                remaining: self.remaining,
                isReplay: self.alreadyRecorded
            )
        }
    }
}

extension Ledger_RecordedRefund {
    init(_ refund: Refund) {
        self.init()
        self.refundID = refund.refundID.text
        self.paymentID = refund.paymentID.text
        self.amount = refund.amount.minorUnits
        self.currency = refund.amount.currency.code
        self.reason = refund.reason.text
    }

    var refund: Refund {
        get throws(DomainError) {
            Refund(
                refundID: try RefundID(self.refundID),
                paymentID: try PaymentID(self.paymentID),
                amount: try .recorded(self.amount, self.currency),
                reason: try Reason(self.reason)
            )
        }
    }
}

extension Ledger_GetTransactionResponse {
    init(_ history: CaptureHistory) {
        self.init()
        self.transaction = Ledger_Transaction(history.capture)
        self.refunds = history.refunds.map(Ledger_RecordedRefund.init)
        self.remaining = history.remaining
    }

    var history: CaptureHistory {
        get throws(DomainError) {
            var refunds: [Refund] = []
            for refund in self.refunds { refunds.append(try refund.refund) }
            return CaptureHistory(
                capture: try self.transaction.capture,
                refunds: refunds,
                remaining: self.remaining
            )
        }
    }
}

extension Ledger_Entry {
    init(_ chained: ChainedEntry) {
        let entry = chained.entry
        self.init()
        self.recordedAt = chained.recordedAt
        self.hash = Data(chained.hash.bytes)
        self.previousHash = Data(chained.previous.bytes)
        self.sequence = entry.sequence
        self.kind = entry.kind
        self.id = entry.id
        self.paymentID = entry.paymentID.text
        self.debitAccount = entry.transfer.debit.name
        self.creditAccount = entry.transfer.credit.name
        self.amount = entry.transfer.amount.minorUnits
        self.currency = entry.transfer.amount.currency.code
    }
}

extension Ledger_Event {
    init(_ chained: ChainedEntry) {
        let amount = chained.entry.transfer.amount
        self.init()
        self.sequence = chained.sequence
        self.hash = Data(chained.hash.bytes)
        self.recordedAt = chained.recordedAt
        self.paymentID = chained.entry.paymentID.text
        self.amount = amount.minorUnits
        self.currency = amount.currency.code
        switch chained.entry.record {
        case .capture(let capture): self.fill(capture)
        case .refund(let record): self.fill(record)
        }
    }

    private mutating func fill(_ capture: Capture) {
        self.type = "payment.captured"
        self.orderID = capture.orderID?.text ?? ""
        self.subject = capture.subject.text
        self.method = capture.method.rawValue
        self.remaining = capture.amount.minorUnits
    }

    private mutating func fill(_ record: RefundRecord) {
        self.type = "payment.refunded"
        self.refundID = record.refund.refundID.text
        self.subject = record.subject.text
        self.method = record.method.rawValue
        self.remaining = record.remaining
    }
}
