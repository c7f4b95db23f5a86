/// Finds a few operations that show that a payment's history has no order.
///
/// It first cuts the history after the earliest answer that leaves no order. It then forgets each
/// operation that is not needed: an observer altogether, the outcome of any other. The rest stays
/// impossible whatever the outcomes of the forgotten operations were.
struct WitnessSearch {
    private let paymentID: String
    private let model: PaymentModel
    private var operations: [LinearOperation]

    init(_ partition: PaymentPartition) {
        self.paymentID = partition.paymentID
        self.model = partition.model
        self.operations = partition.operations
    }

    /// The violation; it has more witnesses than needed when the budget runs out.
    mutating func violation(
        in events: [HistoryEvent],
        within budget: inout SearchBudget
    ) -> Violation {
        self.cut(within: &budget)
        self.thin(within: &budget)
        let needed = self.operations.filter { $0.returnedAt != nil }
        return Violation(
            self.sentence(needed, events),
            witnesses: needed.flatMap { [$0.invokedAt, $0.returnedAt ?? $0.invokedAt] }.sorted()
        )
    }

    /// Keeps the shortest prefix without an order.
    ///
    /// A history with an order has one for each prefix, so a binary search finds it.
    private mutating func cut(within budget: inout SearchBudget) {
        let ends = self.operations.compactMap(\.returnedAt).sorted()
        var low = 0
        var high = ends.count - 1
        while low < high {
            let middle = (low + high) / 2
            if self.isImpossible(self.prefix(to: ends[middle]), within: &budget) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        guard high >= 0 else { return }
        let prefix = self.prefix(to: ends[high])
        // A budget that ran out during the search proves nothing.
        if self.isImpossible(prefix, within: &budget) { self.operations = prefix }
    }

    private func prefix(to end: Int) -> [LinearOperation] {
        self.operations.filter { $0.invokedAt <= end }.compactMap { operation in
            operation.returnedAt.map { $0 <= end } ?? true ? operation : operation.forgotten()
        }
    }

    /// Forgets the latest operations first, because the start of a history is easier to follow.
    private mutating func thin(within budget: inout SearchBudget) {
        let answered = self.operations.filter { $0.returnedAt != nil }.sorted {
            ($0.isObserver ? 0 : 1, -$0.invokedAt) < ($1.isObserver ? 0 : 1, -$1.invokedAt)
        }
        for operation in answered {
            let rest = self.operations.compactMap {
                $0.id == operation.id ? $0.forgotten(isTimeless: true) : $0
            }
            if self.isImpossible(rest, within: &budget) { self.operations = rest }
        }
    }

    private func isImpossible(
        _ operations: [LinearOperation],
        within budget: inout SearchBudget
    ) -> Bool {
        var search = LinearSearch(operations, model: self.model)
        return search.run(within: &budget) == .none
    }

    private func sentence(_ needed: [LinearOperation], _ events: [HistoryEvent]) -> String {
        let answers = needed.sorted { $0.invokedAt < $1.invokedAt }.compactMap {
            Self.answer(of: $0, events)
        }
        let start = "payment \(self.paymentID): no order of operations explains the answers"
        return "\(start): " + answers.joined(separator: "; ")
    }

    private static func answer(of operation: LinearOperation, _ events: [HistoryEvent]) -> String? {
        guard let end = operation.returnedAt,
            case .invoked(let invoked) = events[operation.invokedAt].what,
            case .returned(_, let outcome) = events[end].what
        else { return nil }
        return "\(invoked.summary) was answered \(outcome.summary)"
    }
}
