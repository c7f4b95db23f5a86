import ArgumentParser
import Drills
import Scenarios
import UnixSignals

/// `drill [run] FILE…`: runs scenario files and says whether what they promise held.
struct FilesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run scenario files (the default command).",
        discussion: """
            Exits 0 only when every run passed, and what each file wants to have seen was seen.
            Ctrl-C ends it with what it has.
            """
    )

    @Argument(help: "Scenario files.")
    var files: [String]

    @Option(help: "The seeds to run, such as 1..200; by default those of the file.")
    var seeds: SeedRange?

    @Option(help: "One seed to run again.")
    var seed: UInt64?

    @Option(help: "How many runs at once; by default one a processor.")
    var jobs: Int?

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
        if self.report != nil, self.files.count > 1 {
            throw ValidationError("--report takes one scenario file")
        }
        if let jobs, !(1...256).contains(jobs) {
            throw ValidationError("--jobs is between 1 and 256")
        }
    }

    func run() async throws {
        // Everything that is wrong with any file is said before anything runs.
        let files = try ScenarioFile.readAll(self.files)
        var isGood = true
        for file in files where !Task.isCancelled {
            let summary = try await self.run(file)
            isGood = isGood && summary.result == .pass
        }
        if !isGood { throw ExitCode(1) }
    }

    private func run(_ file: ScenarioFile) async throws -> DrillSummary {
        let seeds = self.seed.map { $0...$0 } ?? self.seeds?.range ?? file.scenario.run.seeds
        let output = RunOutput(file, seeds: seeds, isJSON: self.json)
        let outcome = await Interruptible.run {
            await SeedRunner(
                file.scenario,
                seeds: seeds,
                jobs: self.jobs ?? Environment.processorCount
            ).run { output.take($0) }
        }
        output.finish(outcome.value, wasInterrupted: outcome.wasInterrupted)
        let artifacts = Artifacts(file)
        let failed = outcome.value.failures.map(\.seed)
        if let report {
            try artifacts.writeReport(to: report, seed: failed.first ?? seeds.lowerBound)
        }
        if let bundle { for seed in failed { try artifacts.writeBundle(into: bundle, seed: seed) } }
        if self.shrink, let seed = failed.first { try artifacts.shrink(seed: seed) }
        if outcome.wasInterrupted { throw ExitCode(130) }
        return outcome.value
    }
}

/// Work that Ctrl-C ends early.
enum Interruptible {
    /// Runs `work`, whose task is cancelled by SIGINT or SIGTERM.
    static func run<Value: Sendable>(
        _ work: @escaping @Sendable () async -> Value
    ) async -> (value: Value, wasInterrupted: Bool) {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let task = Task { await work() }
        let watch = Task {
            for await _ in signals {
                task.cancel()
                return true
            }
            return false
        }
        let value = await task.value
        watch.cancel()
        return (value, await watch.value)
    }
}
