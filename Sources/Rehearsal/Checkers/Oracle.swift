/// A rule that a run must keep, judged event by event while the faults are on.
package protocol Oracle: Sendable {
    /// As scenario files name it, such as `conservation`.
    var name: String { get }

    /// The events that matter to it; a suite shows it no others.
    var watches: EventKinds { get }

    /// Takes the next event, whose place in the history is `index`, with the `state` up to it;
    /// returns a violation as soon as there is one.
    mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation?

    /// Judges the whole, once the run is over.
    mutating func conclude(_ state: CheckerState) -> Verdict
}

extension Oracle {
    package var watches: EventKinds { .all }
}

/// An oracle's verdict on a run.
package enum Verdict: Hashable, Sendable {
    case pass
    case fail(Violation)
    /// It could not be decided, and why.
    case unknown(String)
}

/// The breach of a rule, and the events that show it.
package struct Violation: Hashable, Sendable {
    /// A sentence for a person on call.
    package let sentence: String
    /// The events that show it, as their indices in the history.
    package let witnesses: [Int]

    package init(_ sentence: String, witnesses: [Int]) {
        self.sentence = sentence
        self.witnesses = witnesses
    }
}
