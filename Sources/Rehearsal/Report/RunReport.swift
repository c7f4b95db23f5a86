package import Checkers
internal import StrictJSON

/// The record of a drill's run: the scenario, the verdicts, the faults and the events.
///
/// Equal reports make equal bytes, as ``json`` and as ``html()``.
package struct RunReport: Hashable, Sendable {
    package var scenario: Scenario
    package var seed: UInt64
    /// The version of the system: a commit or a release.
    package var commit: String
    package var result: DrillResult
    /// By oracle, in the order of the scenario.
    package var verdicts: [OracleVerdict]
    /// In the order of the scenario.
    package var faults: [FaultSummary]
    /// The hash of the kernel's trace.
    package var traceHash: String
    /// The duration of the run by its own clock.
    package var virtualDuration: Duration
    package var steps: Int
    /// The command that repeats the run.
    package var replayLine: String
    /// In order; witnesses are indices of this list.
    package var events: [HistoryEvent]
    /// The number of events that did not fit into the history.
    package var droppedEvents: Int

    package init(
        scenario: Scenario,
        seed: UInt64,
        commit: String,
        result: DrillResult,
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

    /// The run as one page of HTML, which needs nothing but a browser.
    ///
    /// The page draws from the bundle in `script#report`. A link may end in
    /// `#filter=payment:pay_1,request:r-7,process:ledger-1&select=17&view=0-5000000`: the filters,
    /// the event whose details are open, and the window in nanoseconds.
    package func html() -> String {
        let title = "\(self.result.word): \(self.scenario.name), seed \(self.seed)"
        return ReportPage.html(title: title.escapedForHTML, report: self.json.embeddedInHTML)
    }

    /// The scenario of the run.
    package struct Scenario: Hashable, Sendable {
        package var name: String
        package var about: String
        /// The scenario as it was run, with all defaults filled in.
        package var yaml: String

        package init(name: String, about: String, yaml: String) {
            self.name = name
            self.about = about
            self.yaml = yaml
        }
    }
}
