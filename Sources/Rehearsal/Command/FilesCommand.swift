import ArgumentParser
import Checkers
import Console
import DrillEngine
import LiveDrills
import Scenarios
import SimulatedDrills

/// The command `drill [run] FILE…`, which runs scenario files and reports whether their
/// expectations held.
struct FilesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run scenario files (the default command).",
        discussion: """
            Exits 0 only when every run passed, and what each file wants to have seen was seen.
            Ctrl-C, SIGTERM or SIGHUP end it with what it has, and 128 and the signal's number; a second one at once.
            """
    )

    @Argument(help: "Scenario files.")
    var files: [String]

    @Option(help: "The seeds to run, such as 1..200; by default those of the file.")
    var seeds: SeedRange?

    @Option(help: "One seed to run again.")
    var seed: UInt64?

    @Option(help: "One schedule of that seed, of a file with strategy: exhaustive.")
    var schedule: Schedule?

    @Option(help: "How many runs at once; by default one a processor.")
    var jobs: Int?

    @OptionGroup
    var stage: Stage

    @Flag(help: "Print one JSON object a run, and nothing else.")
    var json = false

    @Flag(
        help: "Look for the smallest scenario that breaks the same rule; writes NAME.shrunk.yaml."
    )
    var shrink = false

    @Option(help: "Write a picture of the first run that did not pass, or of the first.")
    var report: String?

    @Option(help: "Write all that is known of each run that did not pass into this folder.")
    var bundle: String?

    func validate() throws {
        if self.files.isEmpty { throw ValidationError("name a scenario file") }
        if self.seed != nil, self.seeds != nil {
            throw ValidationError("give --seed or --seeds, not both")
        }
        if self.schedule != nil, self.seed == nil || self.files.count > 1 {
            throw ValidationError("--schedule needs --seed, and one scenario file")
        }
        if self.report != nil, self.files.count > 1 {
            throw ValidationError("--report takes one scenario file")
        }
        if self.stage.transport == .grpc, self.shrink || self.report != nil || self.bundle != nil {
            throw ValidationError("only a simulation can be run again: leave --transport grpc out")
        }
        if let jobs, !(1...256).contains(jobs) {
            throw ValidationError("--jobs is between 1 and 256")
        }
    }

    func run() async throws {
        // All errors of all files are reported before anything runs.
        let files = try ScenarioFile.readAll(self.files, place: self.stage.replayOptions)
        var isGood = true
        for file in files where !Task.isCancelled {
            let summary = try await self.run(file)
            isGood = isGood && summary.result == .pass
        }
        if !isGood { throw ExitCode(1) }
    }

    private func run(_ file: ScenarioFile) async throws -> DrillSummary {
        if self.schedule != nil, !file.scenario.run.strategy.isExhaustive {
            throw ValidationError("--schedule is for files with strategy: exhaustive")
        }
        let seeds = self.seed.map { $0...$0 } ?? self.seeds?.range ?? file.scenario.run.seeds
        let output = RunOutput(file, seeds: seeds, isJSON: self.json)
        let runner = self.runner(file.scenario, seeds)
        let summary = try await Interruption.shared.cancelling {
            try await runner.run { run throws(OutputError) in try output.take(run) }
        }
        let interruption = Interruption.shared.exitCode
        try output.finish(summary, wasInterrupted: interruption != nil)
        let (artifacts, failures) = (Artifacts(file), summary.failures)
        if !failures.isEmpty || interruption == nil {
            try await self.leave(artifacts, failures, first: seeds.lowerBound)
        }
        if let interruption { throw ExitCode(interruption) }
        if self.shrink, let failure = failures.first {
            try await artifacts.shrink(seed: failure.seed)
        }
        return summary
    }

    /// Writes the requested files for failed runs; without any, the picture shows the run `first`.
    private func leave(
        _ artifacts: Artifacts,
        _ failures: [DrillSummary.Failure],
        first: UInt64
    ) async throws {
        if let report {
            let failure = failures.first
            let schedule = failure.map(\.schedule) ?? self.schedule
            try await artifacts.writeReport(to: report, seed: failure?.seed ?? first, schedule)
        }
        if let bundle {
            for failure in failures {
                try await artifacts.writeBundle(into: bundle, seed: failure.seed, failure.schedule)
            }
        }
    }
}

extension FilesCommand {
    private func runner(_ scenario: Scenario, _ seeds: ClosedRange<UInt64>) -> SeedRunner {
        switch self.stage.transport {
        case .memory:
            let (jobs, schedule) = (self.jobs ?? Environment.processorCount, self.schedule)
            return SeedRunner(scenario, seeds: seeds, jobs: jobs) { scenario, seed in
                Drill.run(scenario, seed: seed, schedule: schedule)
            }
        case .grpc:
            let (runtime, hosts) = (self.stage.executable, self.stage.hosts)
            return SeedRunner(scenario, seeds: seeds, jobs: 1) { scenario, seed in
                let run = await LiveDrill.run(scenario, seed: seed, runtime: runtime, on: hosts)
                // A run that was cut short proves nothing about the system.
                return Task.isCancelled ? nil : run
            }
        }
    }
}

extension Schedule: ExpressibleByArgument {}
