import Drills
import Foundation
import Reports
import Scenarios
import StrictJSON

/// What a drill leaves on the disk for people: pictures, bundles, smaller scenarios.
struct Artifacts {
    private let file: ScenarioFile

    init(_ file: ScenarioFile) { self.file = file }

    /// Runs a seed again with everything kept, and draws it.
    func writeReport(to path: String, seed: UInt64, _ schedule: Schedule?) throws {
        try Self.write(self.report(self.run(seed, schedule, keeps: .links)).html(), to: path)
    }

    /// Runs a seed again with everything kept, and writes it as JSON; beside it the kernel's trace, an
    /// event a line.
    func writeBundle(into folder: String, seed: UInt64, _ schedule: Schedule?) throws {
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

    /// Writes the smallest scenario that breaks what `seed` broke.
    func shrink(seed: UInt64) throws {
        let failed = Drill.run(self.file.scenario, seed: seed)
        let found = Shrinker().shrink(failed) { smaller in
            complain(
                "still breaks \(smaller.oracle): \(smaller.scenario.operationCount) operations, "
                    + "\(smaller.scenario.faults.count) faults"
            )
        }
        guard let found else { return complain("seed \(seed) breaks no rule: nothing to shrink") }
        let path = "\(self.file.scenario.name).shrunk.yaml"
        try Self.write(ScenarioWriter.write(found.scenario), to: path)
        complain("smallest: \(path), breaks \(found.oracle)")
        complain("  replay: drill \(path) --seed \(found.seed)")
    }

    private func run(_ seed: UInt64, _ schedule: Schedule?, keeps: Keepsakes) -> DrillRun {
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
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw Unwritable(path: path)
        }
        complain("wrote \(path)")
    }

    private struct Unwritable: Error, CustomStringConvertible {
        let path: String

        var description: String { "\(self.path) cannot be written; is there room, and the folder?" }
    }
}

extension Scenario {
    fileprivate var operationCount: Int { self.clients.reduce(0) { $0 + $1.total } }
}
