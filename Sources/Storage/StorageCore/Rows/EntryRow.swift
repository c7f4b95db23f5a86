package import Domain

/// A chained entry as columns, in the form common to all engines.
package struct EntryRow: Hashable, Sendable {
    package var sequence: UInt64
    package var recordedAt: Int64
    package var paymentID: String
    /// 0 for a capture; 1, 2, 3, … for the refunds of its payment.
    package var ordinal: Int64
    /// Nil for a capture.
    package var refundID: String?
    package var debit: String
    package var credit: String
    package var amount: Int64
    package var currency: String
    /// The amount still refundable after the entry, in minor units.
    package var remaining: Int64
    package var subject: String
    package var orderID: String?
    /// The amount requested of a refund, in minor units; nil for all that remained.
    package var requested: Int64?
    package var reason: String?
    package var previous: [UInt8]
    package var hash: [UInt8]

    package init(
        sequence: UInt64,
        recordedAt: Int64,
        paymentID: String,
        ordinal: Int64,
        refundID: String?,
        debit: String,
        credit: String,
        amount: Int64,
        currency: String,
        remaining: Int64,
        subject: String,
        orderID: String?,
        requested: Int64?,
        reason: String?,
        previous: [UInt8],
        hash: [UInt8]
    ) {
        self.sequence = sequence
        self.recordedAt = recordedAt
        self.paymentID = paymentID
        self.ordinal = ordinal
        self.refundID = refundID
        self.debit = debit
        self.credit = credit
        self.amount = amount
        self.currency = currency
        self.remaining = remaining
        self.subject = subject
        self.orderID = orderID
        self.requested = requested
        self.reason = reason
        self.previous = previous
        self.hash = hash
    }
}

extension EntryRow {
    /// The column names, in the order of writing and reading.
    package static let columns = [
        "sequence", "recorded_at", "payment_id", "ordinal", "refund_id", "debit", "credit",
        "amount", "currency", "remaining", "subject", "order_id", "requested", "reason",
        "previous", "hash",
    ]

    /// The row of an entry with its ordinal within the payment.
    package init(_ chained: ChainedEntry, ordinal: Int64) {
        let transfer = chained.entry.transfer
        var refundID: String?
        var orderID: String?
        var requested: Int64?
        var reason: String?
        let (remaining, subject): (Int64, Subject)
        switch chained.entry.record {
        case .capture(let capture):
            (remaining, subject) = (capture.amount.minorUnits, capture.subject)
            orderID = capture.orderID?.text
        case .refund(let record):
            (remaining, subject) = (record.remaining, record.subject)
            refundID = record.refund.refundID.text
            requested = record.requestedAmount
            reason = record.refund.reason.text
        }
        self.init(
            sequence: chained.sequence,
            recordedAt: chained.recordedAt,
            paymentID: chained.entry.paymentID.text,
            ordinal: ordinal,
            refundID: refundID,
            debit: transfer.debit.name,
            credit: transfer.credit.name,
            amount: transfer.amount.minorUnits,
            currency: transfer.amount.currency.code,
            remaining: remaining,
            subject: subject.text,
            orderID: orderID,
            requested: requested,
            reason: reason,
            previous: chained.previous.bytes,
            hash: chained.hash.bytes
        )
    }
}
