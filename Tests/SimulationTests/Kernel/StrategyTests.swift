import Simulation
import Synchronization
import Testing

@Suite("Strategies", .timeLimit(.minutes(10)))
struct StrategyTests {
    private actor Register {
        private(set) var value = 0
        func read() -> Int { self.value }
        func write(_ value: Int) { self.value = value }
    }

    /// Two tasks that each read a register and then write one more.
    @Sendable
    private static func loseUpdate(_ simulation: Simulation) async -> Int {
        let register = Register()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask { await register.write(await register.read() + 1) }
            }
        }
        return await register.value
    }

    /// Three tasks that record their names, with a yield in between.
    @Sendable
    private static func speak(_ simulation: Simulation) async -> String {
        let spoken = Spoken()
        await withTaskGroup(of: Void.self) { group in
            for name in ["a", "b", "c"] {
                group.addTask {
                    for _ in 0..<3 {
                        spoken.add(name)
                        await Task.yield()
                    }
                }
            }
        }
        return spoken.words
    }

    @Test("first in, first out takes turns")
    func fifo() throws {
        var options = SimulationOptions()
        options.strategy = .fifo
        options.jitter = .none
        let run = Simulation.run(seed: 9, options: options, Self.speak)
        #expect(try run.outcome.get() == "abcabcabc")
    }

    @Test("random choice gives many orders")
    func random() throws {
        let orders = try Set(
            (0..<20).map { try Simulation.run(seed: $0, Self.speak).outcome.get() }
        )
        #expect(orders.count > 10)
    }

    @Test("priorities let a task run until it ends")
    func priorities() throws {
        var options = SimulationOptions()
        options.strategy = .pct(depth: 1)
        options.jitter = .none
        let orders = try Set(
            (0..<40).map {
                try Simulation.run(seed: $0, options: options, Self.speak).outcome.get()
            }
        )
        #expect(orders.contains { $0.contains("bbb") && !$0.hasPrefix("abc") })
    }

    @Test("exploring finds every outcome, and knows when it is complete")
    func explore() throws {
        var outcomes: Set<Int?> = []
        var hashes: Set<UInt64> = []
        let search = Simulation.explore(
            limit: 20_000,
            until: { run in
                outcomes.insert(try? run.outcome.get())
                hashes.insert(run.traceHash)
                return false
            },
            Self.loseUpdate
        )
        #expect(search.isComplete)
        #expect(search.found == nil)
        #expect(outcomes == [1, 2])
        #expect(hashes.count == search.count)
    }

    @Test("exploring stops at a wanted run, which its choices replay")
    func exploreUntil() throws {
        let search = Simulation.explore(
            limit: 20_000,
            until: { (try? $0.outcome.get()) == 1 },
            Self.loseUpdate
        )
        let found = try #require(search.found)
        #expect(!search.isComplete)
        var options = SimulationOptions()
        options.jitter = .none
        options.strategy = .replay(found.choices.map(\.index))
        let again = Simulation.run(seed: 0, options: options, Self.loseUpdate)
        #expect(again.traceHash == found.traceHash)
        #expect(try again.outcome.get() == 1)
    }

    @Test("while the order is fixed nothing is explored")
    func fixesOrder() {
        let search = Simulation.explore(limit: 20_000) { simulation in
            simulation.fixOrder(true)
            return await Self.loseUpdate(simulation)
        }
        #expect(search.isComplete)
        #expect(search.count == 1)
    }

    @Test("process by process, only the choices of one process are explored")
    func exploreProcesses() {
        func count(_ names: [String], processByProcess: Bool) -> Int {
            Simulation.explore(
                limit: 20_000,
                processByProcess: processByProcess
            ) { simulation in
                let tasks = names.map { name in
                    simulation.process(name).run("work") { await Task.yield() }
                }
                for task in tasks { await task.value }
            }.count
        }
        #expect(count(["a", "b"], processByProcess: true) == 1)
        #expect(count(["a", "b"], processByProcess: false) > 1)
        #expect(count(["a", "a"], processByProcess: true) > 1)
    }

    @Test("exploring stops at its limit")
    func exploreLimit() {
        let search = Simulation.explore(limit: 3, Self.loseUpdate)
        #expect(!search.isComplete)
        #expect(search.count == 3)
    }

    @Test("running twice agrees for a body that depends on its seed alone")
    func verified() {
        let verification = Simulation.verify(seed: 4, Self.loseUpdate)
        #expect(verification.divergence == nil)
        #expect(verification.run.isSuccess)
    }

    @Test("running twice names the first different event")
    func diverged() throws {
        let runs = Mutex(0)
        let verification = Simulation.verify(seed: 4) { simulation in
            simulation.mark("the same")
            let number = runs.withLock { runs in
                runs += 1
                return runs
            }
            simulation.mark("run \(number)")
        }
        let divergence = try #require(verification.divergence)
        #expect(divergence.before.last?.kind == .mark("the same"))
        #expect(divergence.first.first?.kind == .mark("run 3"))
        #expect(divergence.second.first?.kind == .mark("run 4"))
        #expect(divergence.index == divergence.before.count)
        #expect("\(divergence)".contains("scenario: | run 3"))
    }
}

private final class Spoken: Sendable {
    private let state = Mutex("")
    var words: String { self.state.withLock { $0 } }
    func add(_ word: String) { self.state.withLock { $0 += word } }
}
