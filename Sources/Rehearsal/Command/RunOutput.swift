import Checkers
import Console
import DrillEngine
import Foundation
import Scenarios
import SimulatedDrills
import StrictJSON
import Synchronization

/// Prints the runs of a file: a line for each that did not pass, and a summary.
final class RunOutput: Sendable {
    /// The interval at which the progress line is rewritten, in seconds.
    private static let progressInterval = 0.5

    private let file: ScenarioFile
    private let isJSON: Bool
    private let seedCount: UInt64
    private let start = Environment.seconds
    private let state: Mutex<State>

    private struct State {
        var progress: DrillSummary
        var lastShown = 0.0
    }

    init(_ file: ScenarioFile, seeds: ClosedRange<UInt64>, isJSON: Bool) {
        self.file = file
        self.isJSON = isJSON
        self.seedCount =
            (seeds.upperBound - seeds.lowerBound).addingReportingOverflow(1).partialValue
        self.state = Mutex(State(progress: DrillSummary(file.scenario)))
    }

    /// Takes the next run, in the order of seeds.
    func take(_ run: DrillRun) throws(OutputError) {
        let replay = self.file.replay(run)
        if self.isJSON {
            let bytes = JSONWriter.write(.object(RunRecord(run, replay: replay).json))
            // The line is not buffered, because people read a long hunt while it runs.
            return try StandardOutput.write(bytes + [UInt8(ascii: "\n")])
        }
        switch run.result {
        case .pass, .vacuous, .skipped: break
        case .fail, .unknown:
            let reason = VisibleText.lines(run.result.reason ?? "")
            try StandardOutput.print(
                "\(run.scenario.name) seed \(run.seed): \(run.result.word): \(reason)"
            )
            try StandardOutput.print("  replay: \(replay)")
        }
        self.showProgress(run)
    }

    /// Prints the summary.
    func finish(_ summary: DrillSummary, wasInterrupted: Bool) throws(OutputError) {
        guard !self.isJSON else { return }
        self.clearProgress()
        var line = "\(self.file.scenario.name): \(self.word(summary, wasInterrupted)), "
        line += self.figures(summary)
        let faults = summary.faults.map { "\($0.id) \($0.effective)/\($0.fired)" }
        if !faults.isEmpty { line += ", faults effective/fired " + faults.joined(separator: ", ") }
        try StandardOutput.print(line)
        if let reason = summary.result.reason {
            try StandardOutput.print("  \(VisibleText.lines(reason))")
        }
    }

    private func word(_ summary: DrillSummary, _ wasInterrupted: Bool) -> String {
        guard wasInterrupted else { return summary.result.word }
        if summary.runs == 0 { return "interrupted before a run ended" }
        return "interrupted, so far \(summary.result.word)"
    }

    private func figures(_ summary: DrillSummary) -> String {
        let seconds = max(0.001, Environment.seconds - self.start)
        return String(
            format: "%d runs, %.0f seeds/s, simulated:wall %.0f:1",
            summary.runs,
            Double(summary.runs) / seconds,
            summary.virtualTime / .seconds(1) / seconds
        )
    }

    private func showProgress(_ run: DrillRun) {
        guard Environment.hasAudience else { return }
        let now = Environment.seconds
        let progress = self.state.withLock { state -> DrillSummary? in
            state.progress.add(run)
            guard now - state.lastShown >= Self.progressInterval else { return nil }
            state.lastShown = now
            return state.progress
        }
        guard let progress else { return }
        let effective = progress.faults.reduce(0) { $0 + $1.effective }
        let line = "\(self.file.scenario.name) \(progress.runs)/\(self.seedCount): "
        let text = "\r\u{1B}[K\(line)\(self.figures(progress)), faults effective \(effective)"
        StandardError.write(Array(text.utf8))
    }

    private func clearProgress() {
        guard Environment.hasAudience else { return }
        StandardError.write(Array("\r\u{1B}[K".utf8))
    }
}
