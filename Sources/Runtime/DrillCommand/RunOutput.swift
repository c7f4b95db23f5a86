import Drills
import Foundation
import Scenarios
import StrictJSON
import Synchronization

/// Prints what comes of the runs of one file: a line for each that did not pass, and one at the end.
final class RunOutput: Sendable {
    private let file: ScenarioFile
    private let isJSON: Bool
    private let start = Environment.seconds

    init(_ file: ScenarioFile, isJSON: Bool) {
        self.file = file
        self.isJSON = isJSON
    }

    /// Takes the next run, in the order of their seeds.
    func take(_ run: DrillRun) {
        if self.isJSON {
            let bytes = JSONWriter.write(.object(RunRecord(run, replay: self.replay(run)).json))
            return print(String(decoding: bytes, as: UTF8.self))
        }
        switch run.result {
        case .pass, .vacuous: break
        default:
            print(
                "\(run.scenario.name) seed \(run.seed): \(run.result.word): \(run.result.reason ?? "")"
            )
            print("  replay: \(self.replay(run))")
        }
    }

    /// Says what all of them came to.
    func finish(_ summary: DrillSummary) {
        guard !self.isJSON else { return }
        let seconds = max(0.001, Environment.seconds - self.start)
        let virtual = Double(summary.virtualTime.components.seconds)
        let faults = summary.faults.map { "\($0.id) \($0.effective)/\($0.fired)" }
        var line = "\(self.file.scenario.name): \(summary.result.word), \(summary.runs) runs"
        line += String(
            format: ", %.0f seeds/s, simulated:wall %.0f:1",
            Double(summary.runs) / seconds,
            virtual / seconds
        )
        if !faults.isEmpty { line += ", faults effective/fired " + faults.joined(separator: ", ") }
        print(line)
        if let reason = summary.result.reason { print("  \(reason)") }
    }

    private func replay(_ run: DrillRun) -> String {
        "drill \(self.file.path) --seed \(run.seed)"
    }
}
