/// A rule that a run must keep.
///
/// A suite checks it after each event, while faults are active, and once at the end.
package protocol Oracle: Sendable {
    /// The name in scenario files, such as `conservation`.
    var name: String { get }

    /// The kinds of events that the oracle needs; a suite shows it no others.
    var watches: EventKinds { get }

    /// Takes the next event and the state after it; returns a violation as soon as there is one.
    ///
    /// `index` is the event's place in the history.
    mutating func observe(
        _ event: HistoryEvent,
        index: Int,
        _ state: CheckerState
    ) -> Violation?

    /// Judges the whole run, once it is over.
    mutating func conclude(_ state: CheckerState) -> Verdict
}

extension Oracle {
    package var watches: EventKinds { .all }
}

/// An oracle's verdict on a run.
package enum Verdict: Hashable, Sendable {
    case pass
    case fail(Violation)
    /// The oracle could not decide, for the reason given.
    case unknown(String)
}

/// The breach of a rule, and the events that show it.
package struct Violation: Hashable, Sendable {
    /// A sentence for a person on call.
    package let sentence: String
    /// Indices in the history of the events that show it.
    package let witnesses: [Int]

    package init(_ sentence: String, witnesses: [Int]) {
        self.sentence = sentence
        self.witnesses = witnesses
    }
}
