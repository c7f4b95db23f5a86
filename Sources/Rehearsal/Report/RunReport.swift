package import Checkers
internal import StrictJSON

/// All that one run of a drill leaves behind: what was run, what came of it, and what happened.
///
/// It is a value: equal reports make equal bytes, as ``json`` and as ``html()``.
package struct RunReport: Hashable, Sendable {
    package var scenario: Scenario
    package var seed: UInt64
    /// The version that was run: a commit or a release.
    package var commit: String
    package var result: Result
    /// In the order in which the scenario names its oracles.
    package var verdicts: [OracleVerdict]
    /// In the order of the scenario's file.
    package var faults: [FaultSummary]
    /// The hash of the whole trace, as the kernel writes it.
    package var traceHash: String
    /// The duration of the run by its own clock.
    package var virtualDuration: Duration
    package var steps: Int
    /// The command that runs it again.
    package var replayLine: String
    /// In their order; witnesses are places in here.
    package var events: [HistoryEvent]
    /// The number of events that a bound on the history kept out of `events`.
    package var droppedEvents: Int

    package init(
        scenario: Scenario,
        seed: UInt64,
        commit: String,
        result: Result,
        verdicts: [OracleVerdict] = [],
        faults: [FaultSummary] = [],
        traceHash: String,
        virtualDuration: Duration,
        steps: Int,
        replayLine: String,
        events: [HistoryEvent] = [],
        droppedEvents: Int = 0
    ) {
        self.scenario = scenario
        self.seed = seed
        self.commit = commit
        self.result = result
        self.verdicts = verdicts
        self.faults = faults
        self.traceHash = traceHash
        self.virtualDuration = virtualDuration
        self.steps = steps
        self.replayLine = replayLine
        self.events = events
        self.droppedEvents = droppedEvents
    }

    /// The picture of the run: one page of HTML that needs nothing but a browser.
    ///
    /// The bundle lies in it as `script#report`; the page draws from there. A link may end in
    /// `#filter=payment:pay_1,request:r-7,process:ledger-1&select=17&view=0-5000000`: what is shown, the
    /// event whose details are open, and the window in virtual nanoseconds.
    package func html() -> String {
        let title = "\(self.result.word): \(self.scenario.name), seed \(self.seed)"
        return ReportPage.html(title: title.escapedForHTML, report: self.json.embeddedInHTML)
    }

    /// The scenario of the run, in its author's words.
    package struct Scenario: Hashable, Sendable {
        package var name: String
        package var about: String
        /// The file as it was run, everything resolved.
        package var yaml: String

        package init(name: String, about: String, yaml: String) {
            self.name = name
            self.about = about
            self.yaml = yaml
        }
    }

    /// The result of the run: a success only if `pass`, else with a reason.
    package enum Result: Hashable, Sendable {
        case pass
        /// A rule was broken, or the simulation ended the run.
        case fail(String)
        /// A checker ran out before it could tell.
        case unknown(String)
        /// Too little had an effect, so that nothing was shown.
        case vacuous(String)
        /// It could not be run here.
        case skipped(String)
    }
}
