/// Checks that the journal counts 1, 2, 3, …, without a gap or a repetition.
package struct GaplessOracle: Oracle {
    package let name = "gapless"
    package let watches: EventKinds = .committed

    /// The place of each entry's event; entry 1 is the first.
    private var places: [Int] = []

    package init() {}

    package mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation? {
        guard case .committed(let posted) = event.what else { return nil }
        let expected = UInt64(self.places.count) + 1
        defer { self.places.append(index) }
        guard posted.sequence != expected else { return nil }
        if posted.sequence >= 1, posted.sequence < expected {
            return Violation(
                "entry \(posted.sequence) was written twice",
                witnesses: [self.places[Int(posted.sequence) - 1], index]
            )
        }
        return Violation(
            "entry \(posted.sequence) follows entry \(expected - 1)",
            witnesses: self.places.suffix(1) + [index]
        )
    }

    package mutating func conclude(_ state: CheckerState) -> Verdict { .pass }
}
