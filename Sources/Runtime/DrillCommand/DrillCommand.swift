import ArgumentParser
import Drills
import Scenarios

/// `drill FILE…`: runs scenario files and says whether what they promise held.
@main
struct DrillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Rehearse failures: run scenario files, seed by seed.",
        discussion: """
            drill Scenarios/lost-reply.yaml --seeds 1..1000
            drill Scenarios/lost-reply.yaml --seed 17 --report run.html
            Exits 0 only when every run passed, and what each file wants to have seen was seen.
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

    @Flag(help: "Write the smallest scenario that breaks the same oracle beside the file.")
    var shrink = false

    @Option(help: "Write a picture of the run of one seed, or of the first that failed.")
    var report: String?

    func validate() throws {
        if self.seed != nil, self.seeds != nil {
            throw ValidationError("give --seed or --seeds, not both")
        }
        if let jobs, !(1...256).contains(jobs) {
            throw ValidationError("--jobs is between 1 and 256")
        }
    }

    func run() async throws {
        let scenarios = try self.files.map(ScenarioFile.init)
        var summaries: [DrillSummary] = []
        for file in scenarios { summaries.append(await self.run(file)) }
        if summaries.contains(where: { $0.result != .pass }) { throw ExitCode(1) }
    }

    private func run(_ file: ScenarioFile) async -> DrillSummary {
        let seeds = self.seed.map { $0...$0 } ?? self.seeds?.range ?? file.scenario.run.seeds
        let runner = SeedRunner(
            file.scenario,
            seeds: seeds,
            jobs: self.jobs ?? Environment.processorCount
        )
        let output = RunOutput(file, isJSON: self.json)
        let summary = await runner.run { output.take($0) }
        output.finish(summary)
        return summary
    }
}
