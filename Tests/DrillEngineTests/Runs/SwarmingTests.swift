import DrillEngine
import Scenarios
import Testing

@Suite("What a seed varies")
struct SwarmingTests {
    private static func scenario(_ change: (inout Scenario) -> Void) -> Scenario {
        var scenario = Scenario(name: "swarm", about: "A try.")
        let first = FaultPlan(
            id: "first",
            trigger: .at(.zero),
            kind: .diskError,
            scope: .target("ledger")
        )
        var (second, third, other) = (first, first, first)
        (second.id, second.trigger) = ("second", .after(id: "first", delay: .zero))
        (third.id, third.trigger) = ("third", .after(id: "second", delay: .zero))
        other.id = "other"
        scenario.faults = [first, second, third, other]
        change(&scenario)
        return scenario
    }

    private static let seeds: ClosedRange<UInt64> = 1...200

    @Test("the same seed makes the same choice, and it is made for good")
    func repeats() {
        let scenario = Self.scenario {
            $0.swarm.drops = [0, 0.1, 0.2]
            $0.swarm.faultsChosen = 1...3
        }
        for seed in Self.seeds {
            let resolved = scenario.resolved(by: seed)
            #expect(resolved == scenario.resolved(by: seed))
            #expect(resolved.swarm == Swarm())
            #expect(resolved.resolved(by: seed + 1) == resolved)
        }
    }

    @Test("every choice is made by some seed")
    func varies() {
        let scenario = Self.scenario {
            $0.swarm.drops = [0, 0.1]
            $0.swarm.duplicates = [0, 0.2]
        }
        let made = Self.seeds.map { seed in
            let link = scenario.resolved(by: seed).links.first
            return [link?.drop, link?.duplicate]
        }
        #expect(Set(made) == [[0, 0], [0, 0.2], [0.1, 0], [0.1, 0.2]])
    }

    @Test("a fault that follows others brings them with it, in the order of the file")
    func bringsPredecessors() {
        let scenario = Self.scenario { $0.swarm.faultsChosen = 1...1 }
        let chosen = Self.seeds.map { scenario.resolved(by: $0).faults.map(\.id) }
        #expect(
            Set(chosen) == [
                ["first"], ["first", "second"], ["first", "second", "third"], ["other"],
            ]
        )
    }

    @Test("at least as many faults are chosen as the least, and all when all are wanted")
    func choosesEnough() {
        let some = Self.scenario { $0.swarm.faultsChosen = 2...3 }
        let counts = Set(Self.seeds.map { some.resolved(by: $0).faults.count })
        #expect(counts.sorted() == [2, 3, 4])
        let all = Self.scenario { $0.swarm.faultsChosen = 4...4 }
        #expect(Self.seeds.allSatisfy { all.resolved(by: $0).faults == all.faults })
        let none = Self.scenario { $0.swarm.faultsChosen = 0...0 }
        #expect(Self.seeds.allSatisfy { none.resolved(by: $0).faults.isEmpty })
    }

    @Test("what is drawn is for every link, and leaves what single links say")
    func changesDefault() {
        let scenario = Self.scenario {
            var single = LinkRule(from: "payment", to: "ledger")
            single.drop = 0.5
            $0.links = [single]
            $0.swarm.drops = [0.1]
        }
        let links = scenario.resolved(by: 1).links
        #expect(links.map(\.from) == [nil, "payment"])
        #expect(links.map(\.drop) == [0.1, 0.5])
    }

    @Test("a scenario that varies nothing stays as it is")
    func staysAsItIs() {
        let scenario = Self.scenario { _ in }
        #expect(Self.seeds.allSatisfy { scenario.resolved(by: $0) == scenario })
    }
}
