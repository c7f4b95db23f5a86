/// The entries of the journal so far, by payment.
struct EntryBook: Sendable {
    /// In the order of the history.
    private(set) var lines: [EntryLine] = []
    /// True when each entry has a higher number than those before it.
    private(set) var isAscending = true
    private var payments: [String: PaymentLines] = [:]
    private var captures: [String: [EntryLine]] = [:]

    /// The entries of a payment; empty for an unknown payment.
    subscript(_ paymentID: String) -> PaymentLines { self.payments[paymentID] ?? PaymentLines() }

    /// The entries with higher numbers than `sequence`.
    func lines(after sequence: UInt64) -> [EntryLine] {
        let isLater = { (line: EntryLine) in line.posted.sequence > sequence }
        guard self.isAscending else { return self.lines.filter(isLater) }
        return Array(self.lines.reversed().prefix(while: isLater))
    }

    /// The entries that could be the effect of `operation`.
    func lines(fitting operation: Operation) -> [EntryLine] {
        let candidates =
            switch operation.request {
            case .pay(let orderID, _, _): self.captures[orderID] ?? []
            case .refund(let paymentID, _): self[paymentID].refunds
            case .read: [EntryLine]()
            }
        return candidates.filter { operation.fits($0.posted) }
    }

    mutating func observe(_ event: HistoryEvent, index: Int) {
        guard case .committed(let posted) = event.what else { return }
        let line = EntryLine(posted: posted, at: index)
        if let last = self.lines.last, last.posted.sequence >= posted.sequence {
            self.isAscending = false
        }
        self.lines.append(line)
        switch posted.kind {
        case .capture:
            self.payments[posted.paymentID, default: .init()].captures.append(line)
            self.captures[posted.orderID ?? "", default: []].append(line)
        case .refund: self.payments[posted.paymentID, default: .init()].refunds.append(line)
        }
    }
}

/// An entry, and the place of its event.
struct EntryLine: Sendable {
    let posted: Posted
    let at: Int
}

/// The entries of one payment.
struct PaymentLines: Sendable {
    /// The captures; more than one is an error that an oracle reports.
    var captures: [EntryLine] = []
    var refunds: [EntryLine] = []

    var capture: EntryLine? { self.captures.first }

    /// The places of its entries, in order.
    var witnesses: [Int] { (self.captures + self.refunds).map(\.at).sorted() }

    /// The number of refunds before the event `index`.
    func refunds(before index: Int) -> Int { self.refunds.count { $0.at < index } }

    /// The amount that could be refunded after the first `count` refunds; nil without a capture.
    func remaining(after count: Int) -> Int64? {
        self.capture.map { capture in
            self.refunds.prefix(count).reduce(capture.posted.amount) { $0 &- $1.posted.amount }
        }
    }
}
