/// Checks every reply against a simple model of the payment system, which the journal feeds.
///
/// Each definite reply must agree with the state at some moment between the start and the end of
/// its operation. The history has an entry before any reply can show it, so a reply that shows more
/// than the journal is wrong.
package struct ModelOracle: Oracle {
    package let name = "matches_model"
    package let watches: EventKinds = [
        .invoked, .returned, .committed, .fault, .unusualMessage, .retried,
    ]

    let context: CheckerContext

    /// Operations of the same identity, in the order of their starts.
    private(set) var twins: [EffectIdentity: [Operation]] = [:]

    /// Operations by the order or payment that they name.
    private var askers: [String: [Operation]] = [:]

    /// The event of the reply that claimed to have made an entry, by the entry's id.
    private var makers: [String: Int] = [:]

    /// True once something happened that can make a process repeat a request.
    private(set) var hadTrouble: Bool

    /// Requests that a process sent again although nothing went wrong, as a hedged call does.
    private var retriedRequests: Set<String> = []

    package init(context: CheckerContext = CheckerContext()) {
        self.context = context
        self.hadTrouble = !context.seesLinks
    }

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        self.noteTrouble(event.what)
        switch event.what {
        case .invoked(let operation):
            self.note(operation)
            return nil
        case .committed(let posted):
            return self.fault(in: posted, index)
        case .returned(let operation, let outcome):
            guard let course = state.trail[operation] else { return nil }
            return self.fault(in: outcome, of: Answered(course, at: index, state.book))
        default:
            return nil
        }
    }

    /// Finds entries of operations whose answers guarantee that they had no effect.
    package mutating func conclude(_ state: CheckerState) -> Verdict {
        let (trail, seesLinks) = (state.trail, self.context.seesLinks)
        let mayHaveActed = { trail.mayHaveActed($0, seesLinks: seesLinks) }
        guard !trail.courses.allSatisfy(mayHaveActed) else { return .pass }
        let tally = EffectTally(of: state.book.lines, askedBy: trail.courses)
        for excess in tally.excesses(mayHaveActed) {
            let refused = excess.askers.filter { !mayHaveActed($0) }
            guard let course = refused.first, let outcome = course.end?.outcome else { continue }
            let violation = Violation(
                "\(course.operation.summary) was answered \(outcome.summary), and the journal has"
                    + " \(excess.entries.map(\.posted).summary) where there may be"
                    + " \(excess.expected)",
                witnesses: (refused.flatMap(\.witnesses) + excess.entries.map(\.at)).sorted()
            )
            return .fail(violation)
        }
        return .pass
    }

    private mutating func noteTrouble(_ what: HistoryEvent.What) {
        switch what {
        case .linkMessage(let link):
            if !link.isUsual { self.hadTrouble = true }
        case .fault(_, .fired), .fault(_, .effective): self.hadTrouble = true
        case .retried(let reading): self.retriedRequests.insert(reading.requestID)
        default: return
        }
    }

    private mutating func note(_ operation: Operation) {
        guard let identity = operation.identity else { return }
        self.twins[identity, default: []].append(operation)
        switch operation.request {
        case .pay(let orderID, _, _): self.askers[orderID, default: []].append(operation)
        case .refund(let paymentID, _): self.askers[paymentID, default: []].append(operation)
        case .read: return
        }
    }

    private func fault(in posted: Posted, _ index: Int) -> Violation? {
        let subject = posted.kind == .capture ? posted.orderID ?? "" : posted.paymentID
        guard !(self.askers[subject] ?? []).contains(where: { $0.fits(posted) }) else { return nil }
        return Violation(
            "entry \(posted.sequence), a \(posted.kind.rawValue) of \(posted.amount)"
                + " \(posted.currency) under \(posted.paymentID), fits no request",
            witnesses: [index]
        )
    }

    private mutating func fault(in outcome: Outcome, of answered: Answered) -> Violation? {
        switch outcome {
        case .paid(let id, let amount, let currency, let isReplay):
            let reply = PaidReply(paymentID: id, amount: amount, currency: currency)
            return self.fault(in: reply, of: answered)
                ?? self.replayFault(
                    answered,
                    id,
                    entry: answered.book[id].capture,
                    isReplay: isReplay
                )
        case .refunded(let id, let paymentID, let amount, let remaining, let isReplay):
            let reply = RefundedReply(
                refundID: id,
                paymentID: paymentID,
                amount: amount,
                remaining: remaining
            )
            let entry = answered.book[paymentID].refunds.first { $0.posted.refundID == id }
            return self.fault(in: reply, of: answered)
                ?? self.replayFault(answered, id, entry: entry, isReplay: isReplay)
        case .read(let reading): return self.fault(in: reading, of: answered)
        case .refused(let status, let code):
            return self.fault(inRefusal: code, status: status, of: answered)
        case .unknown: return nil
        }
    }

    /// Checks that the reply says rightly whether the entry was there before this try.
    private mutating func replayFault(
        _ answered: Answered,
        _ id: String,
        entry: EntryLine?,
        isReplay: Bool
    ) -> Violation? {
        guard let entry else { return nil }
        if isReplay {
            guard !self.hadTrouble, answered.course.tries == 1, entry.at > answered.invokedAt,
                !self.hasTwin(answered.operation),
                !self.retriedRequests.contains(answered.course.lastRequestID)
            else { return nil }
            return answered.violation("as a replay, although it was the first request", entry.at)
        }
        if entry.at < answered.course.lastTriedAt {
            return answered.violation(
                "not as a replay, and entry \(entry.posted.sequence) was there before",
                entry.at
            )
        }
        guard let maker = self.makers.updateValue(answered.at, forKey: id) else { return nil }
        return answered.violation("not as a replay, although an earlier one had this id", maker)
    }

    private func hasTwin(_ operation: Operation) -> Bool {
        operation.identity.flatMap { self.twins[$0] }?.contains { $0.id != operation.id } ?? false
    }
}

/// An operation at the moment of its answer.
struct Answered {
    let course: OperationCourse
    let at: Int
    /// The journal's entries at that time.
    let book: EntryBook

    init(_ course: OperationCourse, at: Int, _ book: EntryBook) {
        self.course = course
        self.at = at
        self.book = book
    }

    var operation: Operation { self.course.operation }
    var invokedAt: Int { self.course.invokedAt }

    /// A violation whose sentence begins with the operation and its answer.
    func violation(_ reason: String, _ witnesses: Int...) -> Violation {
        let answer = self.course.end?.outcome.summary ?? ""
        return Violation(
            "\(self.operation.summary) was answered \(answer), \(reason)",
            witnesses: ([self.invokedAt, self.at] + witnesses).sorted()
        )
    }
}

/// The answer to a client about its payment.
struct PaidReply {
    let paymentID: String
    let amount: Int64
    let currency: String
}

/// The answer to a client about its refund.
struct RefundedReply {
    let refundID: String
    let paymentID: String
    let amount: Int64
    let remaining: Int64
}
