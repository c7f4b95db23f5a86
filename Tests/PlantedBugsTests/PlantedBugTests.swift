import PlantedBugs
import Scenarios
import TestSupport
import Testing

@Suite("Planted bugs")
struct PlantedBugTests {
    @Test(
        "A planted bug is found within its seeds, by an oracle that it expects, and only there",
        arguments: PlantedBug.allCases
    )
    func isFound(_ bug: PlantedBug) async throws {
        let scenario = try PlantedFiles.scenario(bug.scenario)
        let hunt = await OwnThread.run {
            PlantedCorpus.hunt(bug, seeds: 1...bug.seedsMax, scenario: scenario)
        }
        guard case .found(let find) = hunt else {
            Issue.record("\(bug.rawValue) was not found: \(bug.summary)")
            return
        }
        #expect(bug.oracles.contains(find.oracle), "\(find.sentence)")
        let control = await OwnThread.run {
            PlantedCorpus.control(scenario, seeds: 1...find.seed)
        }
        #expect(control == nil)
    }

    @Test("A name is in kebab case and a summary is a sentence", arguments: PlantedBug.allCases)
    func isDescribed(_ bug: PlantedBug) {
        let isKebab = bug.rawValue.utf8.allSatisfy {
            $0 == UInt8(ascii: "-") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        }
        #expect(isKebab)
        #expect(bug.summary.first?.isUppercase == true)
        #expect(bug.summary.last == ".")
        #expect(!bug.oracles.isEmpty)
        #expect(bug.seedsMax <= 1_000)
    }

    @Test("A bug expects only oracles that its scenario listens to", arguments: PlantedBug.allCases)
    func isListenedTo(_ bug: PlantedBug) throws {
        let expect = try PlantedFiles.scenario(bug.scenario).expect
        let counting = expect.seldom.isEmpty ? [] : ["seldom"]
        let oracles = expect.always + expect.eventually + counting + [PlantedCorpus.simulation]
        #expect(bug.oracles.allSatisfy(oracles.contains))
    }
}
