/// The run did what it was made for; one that did not says nothing, however well it went.
///
/// It never fails a run. Where something is missing its verdict is `unknown`, and ``missing`` tells
/// the runner that the run was vacuous.
package struct ExercisedOracle: Oracle {
    package let name = "exercised"
    package let watches: EventKinds = [.returned, .fault, .counted]

    private let expected: Exercise
    private var succeeded: Set<OperationKind> = []
    private var effects: [String: Int] = [:]
    private var metrics: [String: Int] = [:]

    package init(_ expected: Exercise) {
        self.expected = expected
    }

    package mutating func observe(_ event: HistoryEvent, index: Int) -> Violation? {
        switch event.what {
        case .returned(_, .paid): self.succeeded.insert(.pay)
        case .returned(_, .refunded): self.succeeded.insert(.refund)
        case .returned(_, .read): self.succeeded.insert(.read)
        case .fault(let id, .effective): self.effects[id, default: 0] += 1
        case .counted(let metric): self.metrics[metric, default: 0] += 1
        default: break
        }
        return nil
    }

    package mutating func conclude() -> Verdict {
        let missing = self.missing
        return missing.isEmpty ? .pass : .unknown("vacuous: " + missing.joined(separator: ", "))
    }

    /// What did not happen, in the order in which it was expected; empty when everything did.
    package var missing: [String] {
        let operations = self.expected.operations.filter { !self.succeeded.contains($0) }.map {
            "no \($0.rawValue) succeeded"
        }
        let faults = self.expected.faults.compactMap {
            Self.lack(of: $0, self.effects, "fault \($0.name) was effective")
        }
        let metrics = self.expected.metrics.compactMap {
            Self.lack(of: $0, self.metrics, "\($0.name) was counted")
        }
        return operations + faults + metrics
    }

    private static func lack(
        of expected: Exercise.Count,
        _ counts: [String: Int],
        _ sentence: String
    ) -> String? {
        let count = counts[expected.name] ?? 0
        guard count < expected.min else { return nil }
        return "\(sentence) \(count) times, not \(expected.min)"
    }
}

/// What clients do.
package enum OperationKind: String, Hashable, Sendable, CaseIterable {
    case pay
    case refund
    case read
}

/// What must happen in a run so that it says something.
package struct Exercise: Hashable, Sendable {
    /// Each must succeed once.
    package var operations: [OperationKind]
    /// How often each fault must have had an effect, by its id.
    package var faults: [Count]
    /// How often something must have been counted.
    package var metrics: [Count]

    package init(
        operations: [OperationKind] = [],
        faults: [Count] = [],
        metrics: [Count] = []
    ) {
        self.operations = operations
        self.faults = faults
        self.metrics = metrics
    }

    package struct Count: Hashable, Sendable {
        package let name: String
        package let min: Int

        package init(_ name: String, min: Int = 1) {
            self.name = name
            self.min = min
        }
    }
}
