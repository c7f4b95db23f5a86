import ArgumentParser
import Console

/// The command `drill`, which rehearses failures.
@main
struct DrillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Rehearse failures: run scenario files, seed by seed.",
        discussion: """
            drill Scenarios/lost-reply.yaml --seeds 1..1000
            drill Scenarios/lost-reply.yaml --seed 17 --report run.html
            """,
        version: Build.version,
        subcommands: [FilesCommand.self, PlantedCommand.self],
        defaultSubcommand: FilesCommand.self
    )

    static func main() async { await self.runToExit() }
}
