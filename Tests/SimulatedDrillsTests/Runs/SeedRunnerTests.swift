import DrillEngine
import Scenarios
import SimulatedDrills
import Synchronization
import Testing

@Suite("Many seeds at once")
struct SeedRunnerTests {
    private static func scenario() throws -> Scenario {
        var scenario = try SmallDrill.scenario(always: ["conservation"])
        scenario.clients[0].total = 6
        return scenario
    }

    @Test("runs come back in the order of their seeds, and are those of one at a time")
    func keepsOrder() async throws {
        let scenario = try Self.scenario()
        var runs: [DrillRun] = []
        let summary = await SeedRunner(scenario, seeds: 5...14, jobs: 4).run { runs.append($0) }
        #expect(runs.map(\.seed) == Array(5...14))
        #expect(summary.runs == 10)
        let alone = (5...14).map { Drill.run(scenario, seed: $0).traceHash }
        #expect(runs.map(\.traceHash) == alone)
    }

    @Test("more jobs than seeds are no harm")
    func hasFewSeeds() async throws {
        let summary = await SeedRunner(try Self.scenario(), seeds: 1...1, jobs: 8).run { _ in }
        #expect(summary.runs == 1)
    }

    @Test("a runner that is cancelled starts no more, and reports what ended")
    func isCancelled() async throws {
        let scenario = try Self.scenario()
        let (gate, opening) = AsyncStream<Void>.makeStream()
        let running = Running()
        let task = Task {
            for await _ in gate { break }
            return await SeedRunner(scenario, seeds: 1...1_000_000, jobs: 1).run { run in
                running.ended()
                if run.seed == 3 { running.cancel() }
            }
        }
        running.set(task)
        opening.yield()
        let summary = await task.value
        #expect((3...4).contains(summary.runs))
        #expect(summary.runs == running.count)
    }

    @Test("a run that was cut short counts as none")
    func isCutShort() async throws {
        let scenario = try Self.scenario()
        let runner = SeedRunner(scenario, seeds: 1...3, jobs: 1) { scenario, seed in
            seed == 3 ? nil : Drill.run(scenario, seed: seed)
        }
        let summary = await runner.run { _ in }
        #expect(summary.runs == 2)
        #expect(summary.failures.isEmpty)
    }

    @Test("a run that cannot be told ends the others")
    func cannotTell() async throws {
        struct Untold: Error {}
        let runner = SeedRunner(try Self.scenario(), seeds: 1...1_000_000, jobs: 2)
        var seen = 0
        await #expect(throws: Untold.self) {
            try await runner.run { (run: DrillRun) throws(Untold) in
                seen += 1
                if seen == 2 { throw Untold() }
            }
        }
        #expect(seen == 2)
    }

    /// A runner under way, which the third of its runs cancels.
    private final class Running: Sendable {
        private let state = Mutex<(task: Task<DrillSummary, Never>?, count: Int)>((nil, 0))

        var count: Int { self.state.withLock { $0.count } }

        func set(_ task: Task<DrillSummary, Never>) { self.state.withLock { $0.task = task } }

        func ended() { self.state.withLock { $0.count += 1 } }

        func cancel() { self.state.withLock { $0.task }?.cancel() }
    }
}
