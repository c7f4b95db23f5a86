/// Checks that requests of the same identity, such as subject, action and key, have at most one effect
/// and one id.
package struct IdempotenceOracle: Oracle {
    package let name = "idempotent_once"
    package let watches: EventKinds = [.returned, .committed]

    private struct Naming {
        let id: String
        let identity: EffectIdentity
        let at: Int
    }

    private var refunds: [String: EntryLine] = [:]
    private var namesByIdentity: [EffectIdentity: Naming] = [:]
    private var namesByID: [String: Naming] = [:]

    package init() {}

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        switch event.what {
        case .committed(let posted):
            return self.recordOnce(EntryLine(posted: posted, at: index), state.book)
        case .returned(let operation, .paid(let id, _, _, _)):
            return self.nameOnce(state.trail[operation], id, index)
        case .returned(let operation, .refunded(let id, _, _, _, _)):
            return self.nameOnce(state.trail[operation], id, index)
        default:
            return nil
        }
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict {
        let tally = EffectTally(of: state.book.lines, askedBy: state.trail.courses)
        // Entries without any request are left to ModelOracle.
        guard let excess = tally.excesses({ _ in true }).first(where: { $0.expected > 0 }),
            let asker = excess.askers.first
        else { return .pass }
        return .fail(
            Violation(
                "\(excess.entries.map(\.posted).summary) come from \(excess.expected) requests like"
                    + " \(asker.operation.summary)",
                witnesses: excess.witnesses
            )
        )
    }

    private mutating func recordOnce(_ line: EntryLine, _ book: EntryBook) -> Violation? {
        let posted = line.posted
        let id = posted.refundID ?? posted.paymentID
        let earlier: EntryLine?
        switch posted.kind {
        case .capture: earlier = book[posted.paymentID].captures.dropLast().last
        case .refund: earlier = self.refunds.updateValue(line, forKey: id)
        }
        return earlier.map {
            let what =
                posted.kind == .capture ? "payment \(id) was captured" : "refund \(id) was paid"
            let entries = [$0.posted, posted].summary
            return Violation("\(what) twice: \(entries)", witnesses: [$0.at, line.at])
        }
    }

    private mutating func nameOnce(
        _ course: OperationCourse?,
        _ id: String,
        _ index: Int
    ) -> Violation? {
        guard let course, let identity = course.operation.identity else { return nil }
        let naming = Naming(id: id, identity: identity, at: index)
        let sameRequest = self.namesByIdentity.updateValue(naming, forKey: identity)
        let sameID = self.namesByID.updateValue(naming, forKey: id)
        if let sameRequest, sameRequest.id != id {
            return Violation(
                "\(course.operation.summary) was answered with \(id), the same request before it"
                    + " with \(sameRequest.id)",
                witnesses: [sameRequest.at, index]
            )
        }
        guard let sameID, sameID.identity != identity else { return nil }
        return Violation(
            "\(course.operation.summary) was answered with \(id), as another request was before it",
            witnesses: [sameID.at, index]
        )
    }
}
