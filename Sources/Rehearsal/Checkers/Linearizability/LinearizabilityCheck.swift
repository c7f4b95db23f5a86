/// Checks that the answers of a run could have come from one payment system that does one thing at
/// a time, each operation at some moment between its beginning and its end.
///
/// Only operations are looked at. Entries of the journal merely tell which payment an operation
/// without an answer may have made. There is no clock in here: a search ends with its steps, or
/// when the caller says that time is over.
package struct LinearizabilityCheck: Sendable {
    /// Steps of the search, over all payments and the search for the fewest witnesses.
    package static let stepsMaxDefault = 2_000_000

    private let context: CheckerContext
    private let stepsMax: Int

    package init(
        context: CheckerContext = CheckerContext(),
        stepsMax: Int = Self.stepsMaxDefault
    ) {
        self.context = context
        self.stepsMax = stepsMax
    }

    /// Judges a whole history; `unknown` when the budget ran out before a violation was found.
    ///
    /// - Parameters:
    ///   - events: The history; witnesses are indices in it.
    ///   - isOver: Whether the caller's time is over; asked now and then.
    /// - Returns: `fail` with the fewest operations that show that there is no order.
    package func verdict(
        on events: [HistoryEvent],
        isOver: @escaping () -> Bool = { false }
    ) -> Verdict {
        var partitioning = PaymentPartitioning(context: self.context)
        let partitions = partitioning.partitions(of: events)
        var budget = SearchBudget(steps: self.stepsMax, isOver: isOver)
        var undecided: String?
        for partition in partitions {
            var search = LinearSearch(partition.operations, model: partition.model)
            switch search.run(within: &budget) {
            case .found: continue
            case .none:
                var shrinking = WitnessSearch(partition)
                return .fail(shrinking.violation(in: events, within: &budget))
            case .exhausted: undecided = undecided ?? partition.paymentID
            }
        }
        guard let undecided else { return .pass }
        return .unknown("no time was left to order the operations on \(undecided)")
    }
}
