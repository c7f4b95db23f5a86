package import Domain

extension CaptureHistory {
    /// The history of a payment from its rows, capture first; nil without rows.
    ///
    /// - Throws: `corrupt` if a chain link is broken or the capture is missing.
    package init?(_ rows: [EntryRow], _ chainer: EntryChainer) throws(JournalError) {
        guard let last = rows.last else { return nil }
        var capture: Capture?
        var refunds: [Refund] = []
        for row in rows {
            switch try row.chained(by: chainer).entry.record {
            case .capture(let record): capture = record
            case .refund(let record): refunds.append(record.refund)
            }
        }
        guard let capture else {
            throw .corrupt(reason: "entry \(last.sequence) refunds a payment that is not there")
        }
        self.init(capture: capture, refunds: refunds, remaining: last.remaining)
    }
}
