import Checkers
import Testing

/// A short history, and what an oracle must say of it.
struct OracleCase: Sendable, CustomTestStringConvertible {
    enum Expected: Sendable {
        case pass
        /// With these witnesses, and these words in the sentence.
        case fail([Int], String)
        case unknown
    }

    let testDescription: String
    let happened: [HistoryEvent.What]
    let expected: Expected

    init(_ title: String, _ happened: [HistoryEvent.What], _ expected: Expected) {
        self.testDescription = title
        self.happened = happened
        self.expected = expected
    }

    /// Has a suite of one judge the history.
    func expectVerdict(of oracle: any Oracle) {
        var checkers = CheckerSuite([oracle])
        for (index, event) in self.happened.events.enumerated() {
            checkers.observe(event, index: index)
        }
        guard let verdict = checkers.conclude().first?.verdict else {
            Issue.record("a suite of one has one verdict")
            return
        }
        self.expect(verdict)
    }

    func expect(_ verdict: Verdict) {
        switch (self.expected, verdict) {
        case (.pass, .pass), (.unknown, .unknown): break
        case (.fail(let witnesses, let words), .fail(let violation)):
            #expect(violation.witnesses == witnesses, "\(violation.sentence)")
            #expect(violation.sentence.contains(words), "\(violation.sentence)")
        default:
            Issue.record("expected \(self.expected), got \(verdict)")
        }
    }
}
