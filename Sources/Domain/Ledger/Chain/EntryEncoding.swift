/// The bytes of an entry under its hash: every field in a fixed order.
///
/// Numbers are eight bytes, big-endian; a text follows its length; an optional field follows a 0 or
/// a 1. Different entries have different bytes. A change of this format invalidates every journal.
struct EntryEncoding {
    private(set) var bytes: [UInt8] = []

    init() { self.bytes.reserveCapacity(320) }

    mutating func append(_ bytes: [UInt8]) { self.bytes += bytes }

    mutating func append(_ number: Int64) { self.append(UInt64(bitPattern: number)) }

    mutating func append(_ entry: Entry) {
        self.append(entry.sequence)
        switch entry.record {
        case .capture(let capture): self.append(capture)
        case .refund(let record): self.append(record)
        }
    }

    private mutating func append(_ capture: Capture) {
        self.bytes.append(1)
        self.append(capture.paymentID.text)
        self.append(capture.amount)
        self.append(capture.method.rawValue)
        self.append(optional: capture.orderID?.text) { $0.append($1) }
        self.append(capture.subject.text)
    }

    private mutating func append(_ record: RefundRecord) {
        self.bytes.append(2)
        self.append(record.refund.refundID.text)
        self.append(record.refund.paymentID.text)
        self.append(record.refund.amount)
        self.append(record.refund.reason.text)
        self.append(optional: record.requestedAmount) { $0.append($1) }
        self.append(record.subject.text)
        self.append(record.method.rawValue)
        self.append(record.remaining)
    }

    private mutating func append(_ amount: Amount) {
        self.append(amount.minorUnits)
        self.append(amount.currency.code)
    }

    private mutating func append(_ text: String) {
        self.append(UInt64(text.utf8.count))
        self.bytes += text.utf8
    }

    private mutating func append(_ number: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) {
            self.bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
    }

    private mutating func append<Value>(
        optional value: Value?,
        _ append: (inout Self, Value) -> Void
    ) {
        self.bytes.append(value == nil ? 0 : 1)
        if let value { append(&self, value) }
    }
}
