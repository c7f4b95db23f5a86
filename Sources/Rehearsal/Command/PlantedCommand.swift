import ArgumentParser
import Console
import PlantedBugs
import Scenarios

/// The command `drill planted`, which proves that the oracles find planted bugs.
struct PlantedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "planted",
        abstract: "Hunt bugs that were planted on purpose.",
        discussion: """
            Prints a line each: the seed that found it, out of how many, and the oracle; then that the
            same seeds pass without it. Exits 0 only when every bug was found.
            """
    )

    @Argument(help: "The bugs to hunt; all of them when none is named.")
    var bugs: [PlantedBug] = []

    @Option(help: "The folder of the drills that find them.")
    var drills = "Scenarios/planted"

    func run() async throws {
        let report = try PlantedCorpus.report(
            self.bugs.isEmpty ? PlantedBug.allCases : self.bugs,
            scenario: { try ScenarioFile("\(self.drills)/\($0)").scenario },
            each: { try StandardOutput.print($0) }
        )
        if !report.isWell { throw ExitCode(1) }
    }
}

extension PlantedBug: ExpressibleByArgument {}
