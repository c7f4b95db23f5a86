import Testing

@testable import Scenarios

@Suite
struct ScenarioReaderTests {
    @Test("the run, the system and the links are read as they are written")
    func system() throws {
        let scenario = try ScenarioReader.read(Sample.text, file: "a.yaml")
        #expect(scenario.name == "refund-during-ledger-partition")
        #expect(scenario.about.hasSuffix("nothing may be refunded twice."))
        #expect(scenario.requires == ["net.partition", "rpc.reply_loss", "auth.rotate"])
        #expect(scenario.run.seeds == 1...200)
        #expect(scenario.run.virtualTimeMax == .seconds(120))
        #expect(scenario.run.stepsMax == 2_000_000)
        #expect(scenario.run.strategy == .random)
        #expect(scenario.run.verifiesTwice)
        #expect(scenario.system.payment == 2)
        #expect(scenario.links.count == 2)
        #expect(scenario.links[0].latency?.mean == .milliseconds(8))
        #expect(scenario.links[0].drop == 0)
        #expect(scenario.links[1].from == "payment")
        #expect(scenario.links[1].to == "ledger")
        #expect(scenario.links[1].drop == 0.02)
        #expect(scenario.links[1].latency == nil)
    }

    @Test("clients are read as they are written, and the rest is as usual")
    func clients() throws {
        let scenario = try ScenarioReader.read(Sample.text, file: "a.yaml")
        var shop = ClientPlan(name: "shop")
        shop.count = 10
        shop.total = 500
        (shop.ops.pay, shop.ops.refund, shop.ops.read) = (6, 2, 2)
        #expect(scenario.clients == [shop])
        let text = """
            clients: [{name: tills, ops: {read: 1}, retry: {max: 0, backoff: constant, wait: 1s,
              max_wait: 2s}, idempotency: none, orders: shared, start: 1.5s, pause: 0s,
              scopes: [payment:read], token_lifetime: 2m, mischief: 0.25}]
            """
        let other = Sample.small().replacing("clients: [{name: shop}]", with: text)
        let tills = try #require(try ScenarioReader.read(other, file: "a.yaml").clients.first)
        #expect((tills.ops.pay, tills.ops.refund, tills.ops.read) == (0, 0, 1))
        #expect(tills.retry.max == 0 && tills.retry.backoff == .constant)
        #expect(tills.retry.wait == .seconds(1) && tills.retry.waitMax == .seconds(2))
        #expect(tills.idempotency == .none && tills.sharesOrders)
        #expect(tills.start == .milliseconds(1_500) && tills.pause == .zero)
        #expect(tills.invalidRequestChance == 0.25 && shop.invalidRequestChance == 0)
        #expect(tills.scopes == ["payment:read"] && tills.tokenLifetime == .seconds(120))
    }

    @Test("faults are read as they are written")
    func faults() throws {
        let faults = try ScenarioReader.read(Sample.text, file: "a.yaml").faults
        var cut = FaultPlan(
            id: "cut",
            trigger: .at(.seconds(10)),
            kind: .netPartition,
            scope: .between(["ledger"], ["payment", "refund"], isOneWay: false)
        )
        cut.lasting = .seconds(8)
        var lost = FaultPlan(
            id: "lost",
            trigger: .on(event: "ledger.committed", nth: 3),
            kind: .rpcReplyLoss(method: nil),
            scope: .target("ledger")
        )
        lost.times = 1
        let key = FaultPlan(
            id: "key",
            trigger: .after(id: "cut", delay: .seconds(1)),
            kind: .authRotate(overlap: .seconds(5)),
            scope: .everything
        )
        var die = FaultPlan(
            id: "die",
            trigger: .every(.seconds(15), jitter: .seconds(5)),
            kind: .procCrash(restartAfter: .seconds(2), steps: nil),
            scope: .any("payment")
        )
        die.chance = 0.5
        die.losesUnsynced = true
        #expect(faults == [cut, lost, key, die])
    }

    @Test("what may vary and what must hold is read as it is written")
    func expectations() throws {
        let scenario = try ScenarioReader.read(Sample.text, file: "a.yaml")
        #expect(scenario.swarm.drops == [0, 0.1])
        #expect(scenario.swarm.duplicates.isEmpty)
        #expect(scenario.swarm.faultsChosen == 1...3)
        #expect(scenario.liveness.within == .seconds(30))
        #expect(scenario.expect.always.first == "conservation")
        #expect(scenario.expect.eventually.last == "queues_empty")
        #expect(
            scenario.expect.sometimes == [
                .metric("duplicate_suppressed", min: 1), .fault("lost", effective: 1),
            ]
        )
        #expect(scenario.expect.linearizableWithin == .seconds(20))
    }

    @Test("a file that says little leaves the rest as usual")
    func small() throws {
        let scenario = try ScenarioReader.read(Sample.small(), file: "a.yaml")
        var expected = Scenario(name: "small", about: "Little happens.")
        expected.clients = [ClientPlan(name: "shop")]
        expected.expect.always = ["conservation"]
        #expect(scenario == expected)
    }

    @Test(
        "every kind of fault that this build injects can be read, and is called as it was written"
    )
    func kinds() throws {
        for (index, entry) in FaultEntry.all.enumerated() {
            let text = Sample.fault(RandomScenario.shortest(entry))
            let scenario = try ScenarioReader.read(text, file: "\(index).yaml")
            #expect(scenario.faults.map(\.kind.name) == [entry.name])
        }
    }

    @Test("everything that is wrong is reported, by line")
    func all() {
        let text = """
            version: 2
            name: small
            about: Little happens.
            clients: [{name: shop, cuont: 3}]
            system: {ledger: 2}
            expect: {always: [conservatoin]}
            """
        let lines = Sample.problem(text)?.split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "a.yaml:1: version: 2 is not in 1..1",
                "a.yaml:4: unknown key 'cuont' (nearest known key: 'count')",
                "a.yaml:5: ledger: 2 is not in 1..1",
                "a.yaml:6: always: unknown oracle 'conservatoin' (nearest known oracle: 'conservation')",
            ]
        )
    }

    @Test("who asks for every schedule gets one seed and a bound, unless the file says others")
    func exhaustive() throws {
        func rules(_ run: String) throws -> RunRules {
            let text = Sample.small("run: {\(run)}")
                .replacing("{name: shop}", with: "{name: shop, total: 2}")
            return try ScenarioReader.read(text, file: "a.yaml").run
        }
        let usual = try rules("strategy: exhaustive")
        #expect(usual.strategy == .exhaustive(schedulesMax: 10_000))
        #expect(usual.seeds == 1...1)
        let other = try rules("seeds: 3..4, strategy: {exhaustive: 2_000}")
        #expect(other.strategy == .exhaustive(schedulesMax: 2_000))
        #expect(other.seeds == 3...4)
    }
}
