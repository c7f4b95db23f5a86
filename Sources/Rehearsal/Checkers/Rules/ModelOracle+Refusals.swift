extension ModelOracle {
    /// Checks that some state during the operation justifies the refusal.
    func fault(inRefusal text: String, status: Int, of answered: Answered) -> Violation? {
        guard let code = RefusalCode(rawValue: text) else { return nil }
        guard status == code.status else {
            return answered.violation("and that code goes with \(code.status)")
        }
        switch code {
        case .refundExceedsRemaining, .alreadyRefunded:
            return self.fault(inRemaining: code, of: answered)
        case .paymentNotFound: return self.fault(inNotFound: answered)
        case .orderConflict, .idempotencyKeyReused:
            return self.fault(inConflict: code, of: answered)
        case .internalFault: return nil
        }
    }

    private func fault(inRemaining code: RefusalCode, of answered: Answered) -> Violation? {
        guard case .refund(let paymentID, let amount) = answered.operation.request else {
            return answered.violation("which is no answer to it")
        }
        let lines = answered.book[paymentID]
        guard let capture = lines.capture else {
            return answered.violation("and the journal has no such payment")
        }
        let owner = capture.posted.subject
        guard self.context.maySee(answered.operation.subject, paymentOf: owner) else {
            return answered.violation("and it is a payment of \(owner)", capture.at)
        }
        let isJustified = (lines.refunds(before: answered.invokedAt)...lines.refunds.count).contains
        {
            let remaining = lines.remaining(after: $0) ?? 0
            return code == .alreadyRefunded
                ? remaining == 0 : remaining > 0 && (amount ?? remaining) > remaining
        }
        guard !isJustified else { return nil }
        let remaining = lines.remaining(after: lines.refunds.count) ?? 0
        return answered.violation(
            "and \(remaining) of \(capture.posted.amount) remained",
            lines.witnesses
        )
    }

    private func fault(inNotFound answered: Answered) -> Violation? {
        guard let paymentID = answered.operation.request.paymentID else {
            return answered.violation("which is no answer to it")
        }
        guard let capture = answered.book[paymentID].capture, capture.at < answered.invokedAt,
            self.context.maySee(answered.operation.subject, paymentOf: capture.posted.subject)
        else { return nil }
        return answered.violation(
            "and entry \(capture.posted.sequence) had captured it before",
            capture.at
        )
    }

    /// Checks a conflict: another operation of the same identity must have asked for something else,
    /// and the journal must have an entry of that other operation.
    private func fault(inConflict code: RefusalCode, of answered: Answered) -> Violation? {
        let operation = answered.operation
        guard let identity = operation.identity,
            (operation.key == nil) == (code == .orderConflict)
        else { return answered.violation("which is no answer to it") }
        let isJustified = (self.twins[identity] ?? []).contains {
            $0.request != operation.request && !answered.book.lines(fitting: $0).isEmpty
        }
        guard !isJustified else { return nil }
        return answered.violation("and no other request had taken its place")
    }
}

extension Answered {
    func violation(_ reason: String, _ witnesses: [Int]) -> Violation {
        let violation = self.violation(reason)
        return Violation(violation.sentence, witnesses: (violation.witnesses + witnesses).sorted())
    }
}
