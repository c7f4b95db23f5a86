import Console
import DrillEngine
import Foundation
import RunReports
import Scenarios
import SimulatedDrills
import StrictJSON
import Synchronization

/// The files that a drill writes for people: pictures, bundles and shrunk scenarios.
struct Artifacts: Sendable {
    private let file: ScenarioFile

    init(_ file: ScenarioFile) { self.file = file }

    /// Repeats a seed with all events kept, and writes its picture.
    func writeReport(to path: String, seed: UInt64, _ schedule: Schedule?) async throws {
        try await Interruption.shared.ending {
            try Self.write(self.report(self.run(seed, schedule, keeps: .links)).html(), to: path)
        }
    }

    /// Repeats a seed with all events kept, and writes its bundle as JSON.
    ///
    /// The kernel's trace goes beside it, an event a line.
    func writeBundle(into folder: String, seed: UInt64, _ schedule: Schedule?) async throws {
        try await Interruption.shared.ending {
            try self.writeRun(into: folder, seed: seed, schedule)
        }
    }

    private func writeRun(into folder: String, seed: UInt64, _ schedule: Schedule?) throws {
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        let run = self.run(seed, schedule, keeps: [.links, .trace])
        let bytes = JSONWriter.write(self.report(run).json)
        let path = "\(folder)/\(self.file.scenario.name)-\(seed)"
        try Self.write(String(decoding: bytes, as: UTF8.self), to: path + ".json")
        try Self.write(run.trace.map { "\($0)\n" }.joined(), to: path + ".trace")
    }

    /// Writes the smallest scenario in which the failure of `seed` remains.
    ///
    /// A signal ends the search, and the best scenario so far is written.
    func shrink(seed: UInt64) async throws {
        let smallest = Smallest()
        try await Interruption.shared.ending {
            let failed = Drill.run(self.file.scenario, seed: seed)
            let found = Shrinker().shrink(failed) { smaller in
                smallest.finding.withLock { $0 = smaller }
                complain(
                    "still breaks \(smaller.oracle): \(smaller.scenario.operationCount) operations, "
                        + "\(smaller.scenario.faults.count) faults"
                )
            }
            guard let found else {
                return complain("seed \(seed) breaks no rule: nothing to shrink")
            }
            try self.write(found, word: "smallest")
        } leave: {
            guard let found = smallest.finding.withLock({ $0 }) else { return }
            do {
                try self.write(found, word: "interrupted, so far smallest")
            } catch {
                complain("\(error)")
            }
        }
    }

    private final class Smallest: Sendable {
        let finding = Mutex<Shrinker.Finding?>(nil)
    }

    private func write(_ found: Shrinker.Finding, word: String) throws {
        let path = "\(self.file.scenario.name).shrunk.yaml"
        var scenario = found.scenario
        scenario.run.seeds = found.seed...found.seed
        try Self.write(ScenarioWriter.write(scenario), to: path)
        complain("\(word): \(path), breaks \(found.oracle)")
        complain("  replay: drill \(ShellWord.quoted(path)) --seed \(found.seed)")
    }

    private func run(_ seed: UInt64, _ schedule: Schedule?, keeps: TraceRetention) -> DrillRun {
        Drill.run(self.file.scenario, seed: seed, schedule: schedule, keeps: keeps)
    }

    private func report(_ run: DrillRun) -> RunReport {
        RunReport(
            run,
            commit: Build.identity,
            replay: self.file.replay(run)
        )
    }

    private static func write(_ text: String, to path: String) throws {
        try OutputFile.write(Array(text.utf8), to: path)
        complain("wrote \(path)")
    }
}

extension Scenario {
    fileprivate var operationCount: Int { self.clients.reduce(0) { $0 + $1.total } }
}
