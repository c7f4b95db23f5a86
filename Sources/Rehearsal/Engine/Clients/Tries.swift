package import Checkers
package import Scenarios

/// The tries of one operation, and the waits between them.
package struct Tries {
    private let plan: RetryPlan
    private var wait: Duration
    private var isUnknown = false

    /// The number of the next try, or of the last; the first is 1.
    package private(set) var number = 1

    /// Tries as `plan` allows them.
    package init(_ plan: RetryPlan) {
        self.plan = plan
        self.wait = plan.wait
    }

    /// Takes the result of the last try.
    ///
    /// - Returns: the wait before the next; nil when there is none.
    package mutating func next(after result: Attempt, of operation: Operation) -> Duration? {
        if case .unknown = result.outcome { self.isUnknown = true }
        guard self.plan.goesOn(after: result, attempt: self.number, of: operation) else {
            return nil
        }
        defer {
            self.wait = self.plan.next(self.wait)
            self.number += 1
        }
        return self.wait
    }

    /// The outcome of all tries, of which `result` was the last.
    package func outcome(_ result: Attempt) -> Outcome {
        result.outcome.ending(isUnknown: self.isUnknown)
    }
}
