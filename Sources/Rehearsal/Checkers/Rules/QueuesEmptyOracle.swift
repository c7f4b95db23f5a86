/// Checks that nothing is in flight at the end: every operation ended, and every request was
/// delivered, lost or refused.
package struct QueuesEmptyOracle: Oracle {
    package let name = "queues_empty"
    package let watches: EventKinds = [.usualMessage, .unusualMessage]

    /// Requests in flight: the event of sending, by call.
    private var underWay: [UInt64: Int] = [:]

    package init() {}

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        guard case .linkMessage(let link) = event.what, link.phase == .request else { return nil }
        if link.fate == .sent {
            self.underWay[link.call] = index
        } else {
            self.underWay[link.call] = nil
        }
        return nil
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict {
        if let course = state.trail.courses.first(where: { $0.end == nil }) {
            let violation = Violation(
                "\(course.operation.summary) is still under way",
                witnesses: course.witnesses
            )
            return .fail(violation)
        }
        let places = self.underWay.values.sorted()
        guard let first = places.first else { return .pass }
        let count = places.count
        return .fail(
            Violation(
                "\(count) \(count == 1 ? "request is" : "requests are") still on the way; the first"
                    + " is event \(first)",
                witnesses: places
            )
        )
    }
}
