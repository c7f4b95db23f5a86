/// Checks that every acknowledged payment and refund is in the journal, and stays there.
package struct DurabilityOracle: Oracle {
    package let name = "acknowledged_is_durable"
    package let watches: EventKinds = .returned

    private struct Promise {
        let paymentID: String
        /// Nil for a payment.
        let refundID: String?
        let amount: Int64
        /// Nil when the answer did not tell it.
        let currency: String?
        let at: Int

        var summary: String {
            "\(self.refundID.map { "refund \($0) of" } ?? "payment") \(self.paymentID)"
        }
    }

    private let context: CheckerContext
    private var promises: [Promise] = []
    private var promisesByPayment: [String: [Promise]] = [:]
    /// Payments that the final check asked for; true when it got a definite answer.
    private var audits: [String: Bool] = [:]

    package init(context: CheckerContext = CheckerContext()) {
        self.context = context
    }

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        guard case .returned(let operation, let outcome) = event.what,
            let course = state.trail[operation]
        else { return nil }
        self.note(outcome, index)
        return self.audit(course, outcome, index)
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict {
        for promise in self.promises {
            if let violation = Self.breach(of: promise, state.book) { return .fail(violation) }
        }
        for promise in self.promises where self.audits[promise.paymentID] == false {
            return .unknown("the final check could not read \(promise.paymentID)")
        }
        return .pass
    }

    private mutating func note(_ outcome: Outcome, _ index: Int) {
        let promise: Promise
        switch outcome {
        case .paid(let id, let amount, let currency, _):
            promise = .init(
                paymentID: id,
                refundID: nil,
                amount: amount,
                currency: currency,
                at: index
            )
        case .refunded(let id, let paymentID, let amount, _, _):
            promise = .init(
                paymentID: paymentID,
                refundID: id,
                amount: amount,
                currency: nil,
                at: index
            )
        case .read, .refused, .unknown:
            return
        }
        self.promises.append(promise)
        self.promisesByPayment[promise.paymentID, default: []].append(promise)
    }

    private static func breach(of promise: Promise, _ book: EntryBook) -> Violation? {
        let lines = book[promise.paymentID]
        let entries =
            promise.refundID.map { id in lines.refunds.filter { $0.posted.refundID == id } }
            ?? lines.captures
        guard let entry = entries.first else {
            return Violation(
                "\(promise.summary) was acknowledged, and the journal does not have it",
                witnesses: [promise.at]
            )
        }
        let currency = promise.currency ?? entry.posted.currency
        guard entry.posted.amount != promise.amount || entry.posted.currency != currency else {
            return nil
        }
        return Violation(
            "\(promise.summary) was acknowledged with \(promise.amount) \(currency), entry"
                + " \(entry.posted.sequence) has \(entry.posted.amount) \(entry.posted.currency)",
            witnesses: [entry.at, promise.at].sorted()
        )
    }
}

extension DurabilityOracle {
    /// Compares the final check's answer with what the system had acknowledged before.
    private mutating func audit(
        _ course: OperationCourse,
        _ outcome: Outcome,
        _ index: Int
    ) -> Violation? {
        guard course.operation.client == self.context.finalCheck,
            case .read(let id) = course.operation.request
        else { return nil }
        let promises = (self.promisesByPayment[id] ?? []).filter { $0.at < course.invokedAt }
        switch outcome {
        case .read(let reading):
            self.audits[id] = true
            return promises.first { !Self.keeps($0, reading) }.map {
                Violation(
                    "\($0.summary) was acknowledged, and the final check does not find it as it was",
                    witnesses: [$0.at, index]
                )
            }
        case .refused(_, RefusalCode.paymentNotFound.rawValue):
            self.audits[id] = true
            return promises.first.map {
                Violation(
                    "\($0.summary) was acknowledged, and the final check is told there is none",
                    witnesses: [$0.at, index]
                )
            }
        case .paid, .refunded, .refused, .unknown:
            self.audits[id] = self.audits[id] ?? false
            return nil
        }
    }

    private static func keeps(_ promise: Promise, _ reading: PaymentReading) -> Bool {
        guard let refundID = promise.refundID else {
            return reading.amount == promise.amount && reading.currency == promise.currency
        }
        return reading.refunds.contains { $0.refundID == refundID && $0.amount == promise.amount }
    }
}
