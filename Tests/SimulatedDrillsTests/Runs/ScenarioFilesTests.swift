import Checkers
import DrillEngine
import Scenarios
import SimulatedDrills
import Testing

@Suite("The drills of the repository")
struct ScenarioFilesTests {
    @Test("a drill passes with each of its seeds", arguments: DrillFiles.names)
    func passes(_ file: String) async throws {
        let summary = await DrillSummary.of(try DrillFiles.scenario(file))
        #expect(summary.result == .pass, "\(summary.report(file))")
    }

    @Test("settings mean something to the process that gets them", arguments: DrillFiles.names)
    func settings(_ file: String) throws {
        #expect(try DrillFiles.scenario(file).faultInSettings == nil)
    }

    @Test("a setting that no process would take is said, and what is wrong with it")
    func badSettings() throws {
        var scenario = try SmallDrill.scenario()
        scenario.settings = ["RATE_LIMIT": "often"]
        let fault = try #require(scenario.faultInSettings)
        #expect(fault.hasPrefix("settings: RATE_LIMIT: 'often'"))
    }

    @Test("the folder of the drills is found, with all of them in it")
    func areFound() {
        #expect(DrillFiles.names.count >= 25)
        #expect(DrillFiles.names.contains("happy-path.yaml"))
    }

    @Test(
        "the report of a drill that fails names the reason, the seed and the line to run it again"
    )
    func reports() async throws {
        var scenario = try SmallDrill.scenario(run: "seeds: 3..4")
        scenario.run.stepsMax = 10
        let report = await DrillSummary.of(scenario).report("small.yaml")
        #expect(report.hasPrefix("2 of 2 seeds, the first 3: livelock"))
        #expect(report.hasSuffix("\ndrill Scenarios/small.yaml --seed 3"))
    }
}
