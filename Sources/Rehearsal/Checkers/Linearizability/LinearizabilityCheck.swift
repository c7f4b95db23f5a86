/// Checks that the answers of a run are linearizable: a payment system that does one thing at a
/// time could have given them, each between the start and the end of its operation.
///
/// The check reads operations. It uses the journal only to find the payment of an operation without
/// an answer. It reads no clock: a search ends when its steps are used up, or when `isOver` says
/// so.
package struct LinearizabilityCheck: Sendable {
    /// The default bound on search steps, over all payments and the search for witnesses.
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

    /// Judges a whole history.
    ///
    /// - Parameters:
    ///   - events: The history; witnesses are indices in it.
    ///   - isOver: True once the caller's time is over; called every few hundred steps.
    /// - Returns: `fail` with a small set of operations that have no order; `unknown` when the
    ///   budget ran out before a violation was found.
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
