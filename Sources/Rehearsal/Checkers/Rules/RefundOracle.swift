/// Checks that refunds follow their payment, do not exceed it, and go to its owner or an admin.
package struct RefundOracle: Oracle {
    package let name = "refund_le_capture"
    package let watches: EventKinds = .committed

    private let context: CheckerContext

    package init(context: CheckerContext = CheckerContext()) {
        self.context = context
    }

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        guard case .committed(let posted) = event.what, posted.kind == .refund else { return nil }
        return self.fault(in: posted, index, state.book[posted.paymentID])
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict { .pass }

    private func fault(in posted: Posted, _ index: Int, _ lines: PaymentLines) -> Violation? {
        let start = "entry \(posted.sequence) refunds \(posted.paymentID)"
        guard let capture = lines.capture else {
            return Violation("\(start), which was not captured before", witnesses: [index])
        }
        let paid = capture.posted
        if paid.currency != posted.currency {
            return Violation(
                "\(start) in \(posted.currency), it was captured in \(paid.currency)",
                witnesses: [capture.at, index]
            )
        }
        if !self.context.maySee(posted.subject, paymentOf: paid.subject) {
            return Violation(
                "\(start) for \(posted.subject), it is a payment of \(paid.subject)",
                witnesses: [capture.at, index]
            )
        }
        guard let remaining = lines.remaining(after: lines.refunds.count), remaining < 0 else {
            return nil
        }
        return Violation(
            "payment \(posted.paymentID) of \(paid.amount) was refunded by"
                + " \(paid.amount &- remaining): \(lines.refunds.map(\.posted).summary)",
            witnesses: [capture.at] + lines.refunds.map(\.at)
        )
    }
}
