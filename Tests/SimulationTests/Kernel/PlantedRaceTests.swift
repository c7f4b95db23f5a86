import Simulation
import Testing

@Suite("Planted races are found", .timeLimit(.minutes(10)))
struct PlantedRaceTests {
    /// The first of `seeds` that sells more than the stock.
    private func firstViolation(
        _ bug: ShopOptions.Bug?,
        seeds: Range<UInt64>,
        _ options: SimulationOptions = SimulationOptions()
    ) throws -> UInt64? {
        var model = ShopOptions()
        model.bug = bug
        return try seeds.first {
            try ShopModel.run(seed: $0, model, options).outcome.get().isViolated
        }
    }

    @Test("a race over a network call is found within ten seeds")
    func overNetwork() throws {
        #expect(try self.firstViolation(.overNetwork, seeds: 0..<10) != nil)
    }

    @Test("a race over a local actor call is found within two hundred seeds, and again by its seed")
    func overLocalActor() throws {
        let seed = try #require(try self.firstViolation(.overLocalActor, seeds: 0..<200))
        for _ in 0..<5 {
            #expect(try self.firstViolation(.overLocalActor, seeds: seed..<(seed + 1)) == seed)
        }
    }

    @Test("a race over a local actor call is found within two hundred seeds by priorities, too")
    func byPriorities() throws {
        var options = SimulationOptions()
        options.strategy = .pct(depth: 3)
        #expect(try self.firstViolation(.overLocalActor, seeds: 0..<200, options) != nil)
    }

    @Test("no race is found without one")
    func control() throws {
        #expect(try self.firstViolation(nil, seeds: 0..<60) == nil)
    }
}
