/// A set of oracles that watch a run in one pass.
///
/// The suite keeps the first violation that each oracle finds, and then shows that oracle no more
/// events. Each oracle sees only the kinds of events that it asks for.
package struct CheckerSuite: Sendable {
    private struct Seat: Sendable {
        var oracle: any Oracle
        let watches: EventKinds
        var violation: Violation?
    }

    private var seats: [Seat]
    private var state = CheckerState()

    /// Makes a suite; its verdicts come in the order of `oracles`.
    package init(_ oracles: [any Oracle]) {
        self.seats = oracles.map { Seat(oracle: $0, watches: $0.watches) }
    }

    /// Makes a suite of the oracles with these names.
    ///
    /// - Throws: ``CheckerSuiteError/unknownOracle(_:)`` for the first name without an oracle.
    package init(
        named names: [String],
        context: CheckerContext = CheckerContext()
    ) throws(CheckerSuiteError) {
        var oracles: [any Oracle] = []
        for name in names {
            guard let oracle = Oracles.named(name, context: context) else {
                throw .unknownOracle(name)
            }
            oracles.append(oracle)
        }
        self.init(oracles)
    }

    /// Shows the oracles the next event, whose place in the history is `index`.
    ///
    /// - Returns: True when an oracle found its violation in this event.
    @discardableResult
    package mutating func observe(_ event: HistoryEvent, index: Int) -> Bool {
        let kind = event.kind
        if CheckerState.watches.contains(kind) { self.state.observe(event, index: index) }
        var found = false
        for place in self.seats.indices
        where self.seats[place].watches.contains(kind) && self.seats[place].violation == nil {
            self.seats[place].violation =
                self.seats[place].oracle.observe(event, index: index, self.state)
            found = found || self.seats[place].violation != nil
        }
        return found
    }

    /// Shows the oracles a whole history.
    package mutating func observe(_ history: History) {
        for (index, event) in history.events.enumerated() { self.observe(event, index: index) }
    }

    /// The verdict of each oracle, once the run is over.
    package mutating func conclude() -> [(name: String, verdict: Verdict)] {
        self.seats.indices.map { place in
            let name = self.seats[place].oracle.name
            if let violation = self.seats[place].violation { return (name, .fail(violation)) }
            return (name, self.seats[place].oracle.conclude(self.state))
        }
    }
}

/// The reason why a suite could not be made.
package enum CheckerSuiteError: Error, Hashable, Sendable {
    case unknownOracle(String)
}
