import Checkers
package import DrillEngine
package import RunReports
import Scenarios

extension RunReport {
    /// All that `run` left behind; its history should have the messages on the links.
    ///
    /// - Parameters:
    ///   - run: The run, with the messages on its links.
    ///   - commit: What was run: a commit, or the version of a release.
    ///   - replay: The command that runs it again.
    package init(_ run: DrillRun, commit: String, replay: String) {
        let plans = run.scenario.faults
        self.init(
            scenario: Scenario(
                name: run.scenario.name,
                about: run.scenario.about,
                yaml: ScenarioWriter.write(run.scenario)
            ),
            seed: run.seed,
            commit: commit,
            result: run.result,
            verdicts: run.verdicts,
            faults: run.faults.map { tally in
                FaultSummary(
                    id: tally.id,
                    kind: tally.kind,
                    strikes: plans.first { $0.id == tally.id }?.scope.names ?? [],
                    armed: tally.armed,
                    fired: tally.fired,
                    effective: tally.effective
                )
            },
            traceHash: String(run.traceHash, radix: 16),
            virtualDuration: run.virtualTime,
            steps: run.steps,
            replayLine: replay,
            events: run.history.events,
            droppedEvents: run.history.dropped
        )
    }
}
