import Checkers
import Domain
import DrillEngine
import Scenarios
import SimulatedDrills
import Synchronization
import Testing

@Suite("The smallest scenario that fails")
struct ShrinkerTests {
    /// A journal that says of every third capture that it is recorded, and forgets it.
    private struct Losing: Journal {
        let base: any Journal
        let count: Count

        final class Count: Sendable {
            private let state = Mutex(0)

            func next() -> Int {
                self.state.withLock { state in
                    state += 1
                    return state
                }
            }
        }

        func append(_ capture: Capture) async throws(JournalError) -> CaptureOutcome {
            guard self.count.next().isMultiple(of: 3) else {
                return try await self.base.append(capture)
            }
            return .recorded(Entry(sequence: 0, record: .capture(capture)))
        }

        func append(_ draft: RefundDraft) async throws(JournalError) -> RefundOutcome {
            try await self.base.append(draft)
        }

        func history(of paymentID: PaymentID) async throws(JournalError) -> CaptureHistory? {
            try await self.base.history(of: paymentID)
        }

        func balance(
            of account: Account,
            in currency: Currency
        ) async throws(JournalError) -> Balance {
            try await self.base.balance(of: account, in: currency)
        }

        func entries(
            after sequence: UInt64,
            limit: Int
        ) async throws(JournalError) -> [ChainedEntry] {
            try await self.base.entries(after: sequence, limit: limit)
        }

        func awaitEntries(after sequence: UInt64) async {
            await self.base.awaitEntries(after: sequence)
        }

        func releaseWaiters() { self.base.releaseWaiters() }

        func run(reporting report: @escaping @Sendable (JournalStatus) -> Void) async {
            await self.base.run(reporting: report)
        }
    }

    private static var losing: CompositionChanges {
        var changes = CompositionChanges()
        changes.journal = { journal, _ in Losing(base: journal, count: Losing.Count()) }
        return changes
    }

    private static let faults = [
        "{id: slow, at: 100ms, for: 200ms, do: net.delay, by: 20ms, target: ledger}",
        "{id: next, after: slow, do: net.delay, by: 20ms, for: 100ms, target: payment}",
    ]

    @Test("what is left breaks the same rule, has less in it, and is a file that replays it")
    func shrinks() throws {
        let scenario = try SmallDrill.scenario(Self.faults)
        let failed = Drill.run(scenario, seed: 2, changes: Self.losing)
        let broken = try #require(failed.brokenOracle)
        let finding = try #require(Shrinker(changes: Self.losing, runsMax: 60).shrink(failed))
        #expect(finding.oracle == broken)
        #expect(finding.scenario.faults.isEmpty)
        #expect(finding.scenario.clients[0].total < 20)
        #expect(finding.scenario.clients[0].count < 6)
        #expect(finding.scenario.run.seeds == finding.seed...finding.seed)

        let file = ScenarioWriter.write(finding.scenario)
        let read = try ScenarioReader.read(file, file: "smallest.yaml")
        #expect(read == finding.scenario)
        let again = Drill.run(read, seed: finding.seed, changes: Self.losing)
        #expect(again.brokenOracle == broken)
        #expect(Drill.run(read, seed: finding.seed).brokenOracle == nil)
    }

    @Test("each step that is told of is smaller than the one before")
    func tells() throws {
        let scenario = try SmallDrill.scenario(Self.faults)
        let failed = Drill.run(scenario, seed: 2, changes: Self.losing)
        var sizes: [Int] = [Self.size(scenario)]
        let shrinker = Shrinker(changes: Self.losing, runsMax: 12)
        let finding = shrinker.shrink(failed) { sizes.append(Self.size($0.scenario)) }
        #expect(sizes.count > 1)
        #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $0 > $1 })
        #expect(finding.map { Self.size($0.scenario) } == sizes.last)
    }

    @Test("a run that passed cannot be made smaller")
    func needsFailure() throws {
        let run = Drill.run(try SmallDrill.scenario(), seed: 2)
        #expect(run.result == .pass, "\(run.comment)")
        #expect(Shrinker().shrink(run) == nil)
    }

    @Test("what the simulation itself ends is made smaller too")
    func shrinksSimulation() throws {
        var scenario = try SmallDrill.scenario(Self.faults)
        scenario.run.stepsMax = 500
        let finding = try #require(Shrinker(runsMax: 20).shrink(Drill.run(scenario, seed: 1)))
        #expect(finding.oracle == "simulation")
        #expect(finding.scenario.faults.isEmpty)
    }

    private static func size(_ scenario: Scenario) -> Int {
        let clients = scenario.clients.map { $0.total * 10 + $0.count }.reduce(0, +)
        let replicas = scenario.system.payment + scenario.system.refund + scenario.system.gateway
        let time = Int(scenario.run.virtualTimeMax / .seconds(1))
        return clients + replicas + scenario.faults.count + scenario.links.count + time
    }
}
