/// Searches an order of operations that explains every answer.
///
/// The algorithm is Wing and Gong's with Lowe's memory. The search orders one operation after
/// another, each time the earliest that started before the first answer not yet ordered. When no
/// operation fits, it takes the last choice back. It never tries a pair of (ordered operations,
/// state) twice. An operation with an unknown outcome may come anywhere after its start, or not at
/// all.
struct LinearSearch {
    enum Result: Hashable {
        case found
        case none
        /// The budget is used up.
        case exhausted
    }

    private struct Configuration: Hashable {
        let ordered: [UInt64]
        let state: PaymentState
    }

    private struct Choice {
        let operation: Int
        let before: PaymentState
    }

    private let operations: [LinearOperation]
    private let model: PaymentModel
    private var calls: CallList
    private var seen: Set<Configuration> = []
    private var choices: [Choice] = []
    private var ordered: [UInt64]
    private var state = PaymentState()
    private var answersLeft: Int

    init(_ operations: [LinearOperation], model: PaymentModel) {
        self.operations = operations
        self.model = model
        self.calls = CallList(operations)
        self.ordered = Array(repeating: 0, count: operations.count / 64 + 1)
        self.answersLeft = operations.count { $0.returnedAt != nil }
    }

    /// Searches until `budget` is used up.
    mutating func run(within budget: inout SearchBudget) -> Result {
        var place = self.calls.first
        while self.answersLeft > 0 {
            guard budget.take() else { return .exhausted }
            switch self.calls.entry(at: place) {
            case .call(let operation):
                place = self.order(operation) ? self.calls.first : self.calls.after(place)
            case .answer, nil:
                guard let last = self.choices.popLast() else { return .none }
                place = self.undo(last)
            }
        }
        return .found
    }

    /// Orders the operation next.
    ///
    /// - Returns: False when the model rejects it, or the search has tried this configuration
    ///   before.
    private mutating func order(_ index: Int) -> Bool {
        let operation = self.operations[index]
        guard let next = self.model.apply(operation, to: self.state) else { return false }
        let isOpen = operation.returnedAt == nil
        // An open operation without an effect need not be ordered.
        guard !isOpen || next != self.state else { return false }
        self.flip(index)
        let configuration = Configuration(ordered: self.ordered, state: next)
        guard self.seen.insert(configuration).inserted else {
            self.flip(index)
            return false
        }
        self.choices.append(Choice(operation: index, before: self.state))
        self.calls.lift(index)
        self.state = next
        if !isOpen { self.answersLeft -= 1 }
        return true
    }

    /// Takes a choice back, and returns the place at which the search goes on.
    private mutating func undo(_ choice: Choice) -> Int {
        self.calls.putBack(choice.operation)
        self.flip(choice.operation)
        self.state = choice.before
        if self.operations[choice.operation].returnedAt != nil { self.answersLeft += 1 }
        return self.calls.after(self.calls.place(ofCall: choice.operation))
    }

    private mutating func flip(_ index: Int) {
        self.ordered[index / 64] ^= 1 << UInt64(index % 64)
    }
}

/// The bound on the cost of a search.
struct SearchBudget: ~Copyable {
    /// The number of steps between two calls of `isOver`.
    private static let stride = 256

    private var stepsLeft: Int
    private let isOver: () -> Bool
    private var isUsedUp = false

    init(steps: Int, isOver: @escaping () -> Bool) {
        self.stepsLeft = steps
        self.isOver = isOver
    }

    /// Takes one step; false when none is left.
    mutating func take() -> Bool {
        guard !self.isUsedUp, self.stepsLeft > 0 else { return false }
        self.stepsLeft -= 1
        if self.stepsLeft % Self.stride == 0, self.isOver() { self.isUsedUp = true }
        return !self.isUsedUp
    }
}
