import PlantedBugs
import Scenarios
import Testing

@Suite("The corpus of planted bugs")
struct PlantedCorpusTests {
    @Test("Every drill of the corpus has a bug to find")
    func hasNoIdleDrill() throws {
        #expect(try PlantedFiles.names() == Set(PlantedBug.allCases.map(\.scenario)).sorted())
    }

    @Test("A bug that a drill does not touch is not found in it")
    func canMiss() throws {
        let scenario = try PlantedFiles.scenario("racing-devices.yaml")
        let hunt = PlantedCorpus.hunt(.audienceIgnored, seeds: 1...2, scenario: scenario)
        #expect(hunt == .notFound(runs: 2))
    }

    @Test("A hunt comes to the same each time")
    func isRepeatable() throws {
        let scenario = try PlantedFiles.scenario("racing-devices.yaml")
        let hunts = (1...2).map { _ in
            PlantedCorpus.hunt(.oneSidedPosting, seeds: 1...5, scenario: scenario)
        }
        #expect(hunts[0] == hunts[1])
    }

    @Test("A report names the oracle and the seed of each find, and tries the seeds without it")
    func reports() throws {
        let report = try PlantedCorpus.report(
            [.oneSidedPosting],
            scenario: PlantedFiles.scenario
        )
        #expect(report.isWell)
        #expect(
            report.lines == [
                "one-sided-posting: found at seed 1 of 20 by conservation",
                "racing-devices.yaml: nothing found in seeds 1 to 1 without a bug",
            ]
        )
    }

    @Test("A report is not well when a bug stays hidden")
    func reportsMisses() throws {
        var quiet = try PlantedFiles.scenario("racing-devices.yaml")
        quiet.clients = quiet.clients.map {
            var plan = $0
            plan.total = 1
            plan.count = 1
            return plan
        }
        let report = try PlantedCorpus.report([.refundPostedAsCapture], scenario: { _ in quiet })
        #expect(!report.isWell)
        #expect(report.lines.first == "refund-posted-as-capture: not found in 20 seeds")
    }

    @Test("A report is not well when a drill fails without any bug")
    func reportsControls() throws {
        var impatient = try PlantedFiles.scenario("racing-devices.yaml")
        impatient.run.stepsMax = 10
        let report = try PlantedCorpus.report([.oneSidedPosting], scenario: { _ in impatient })
        #expect(!report.isWell)
        #expect(report.lines.last?.hasPrefix("racing-devices.yaml: seed 1: livelock") == true)
    }
}
