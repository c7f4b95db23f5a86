import Simulation
import Synchronization
import Testing

@Suite("Simulated processes", .timeLimit(.minutes(10)))
struct ProcessTests {
    private func options() -> SimulationOptions {
        var options = SimulationOptions()
        options.jitter = .none
        return options
    }

    /// Increments `count` each millisecond, `times` times.
    private static func tick(
        _ simulation: Simulation,
        _ times: Int,
        _ count: Count
    ) async {
        for _ in 0..<times {
            try? await simulation.clock.sleep(for: .milliseconds(1))
            count.add()
        }
    }

    @Test("tasks belong to the process of the task that made them, however they are made")
    func attribution() throws {
        let run = Simulation.run(seed: 5) { simulation in
            let names = Names()
            #expect(SimulatedProcess.current?.name == "scenario")
            let tasks = ["payment-1", "ledger-1"].map { name in
                simulation.process(name).run("root") {
                    names.add(name)
                    await Task { names.add(name) }.value
                    await Task.detached { names.add(name) }.value
                    async let child: Void = names.add(name)
                    await child
                    await withTaskGroup(of: Void.self) { group in
                        group.addTask {
                            await Task.yield()
                            names.add(name)
                        }
                    }
                    let actor = Speaker(names)
                    await actor.speak(name)
                    try? await simulation.clock.sleep(for: .milliseconds(3))
                    names.add(name)
                }
            }
            for task in tasks { await task.value }
            return (names.wrong, names.count)
        }
        let (wrong, count) = try run.outcome.get()
        #expect(wrong == [])
        #expect(count == 16)
    }

    @Test("a name has one process, which counts its jobs")
    func counts() throws {
        let run = Simulation.run(seed: 1, options: self.options()) { simulation in
            let process = simulation.process("a")
            #expect(process === simulation.process("a"))
            #expect(process.stepCount == 0)
            await process.run("short") { #expect(process.stepCount == 1) }.value
            return process.stepCount
        }
        #expect(try run.outcome.get() == 1)
    }

    @Test("a paused process stands still until it is resumed")
    func pause() throws {
        let run = Simulation.run(seed: 1, options: self.options()) { simulation in
            let count = Count()
            let process = simulation.process("ledger-1")
            let task = process.run("ticks") { await Self.tick(simulation, 10, count) }
            try await simulation.clock.sleep(for: .microseconds(3_500))
            process.pause()
            let steps = process.stepCount
            try await simulation.clock.sleep(for: .seconds(1))
            #expect(process.isPaused)
            #expect(process.stepCount == steps)
            #expect(count.value == 3)
            process.resume()
            await task.value
            return count.value
        }
        #expect(try run.outcome.get() == 10)
        #expect(run.virtualTime == .microseconds(1_003_500 + 6_000))
    }

    @Test("ready jobs of a paused process do not run, and alone they are a deadlock")
    func pausedReady() {
        let run = Simulation.run(seed: 1, options: self.options()) { simulation in
            let process = simulation.process("ledger-1")
            let task = process.run("started and paused") {}
            process.pause()
            await task.value
        }
        guard case .failure(let error) = run.outcome,
            case .deadlock(.zero, let suspended) = error as? SimulationFailure
        else {
            Issue.record("\(run.outcome)")
            return
        }
        #expect(suspended.last == "task 2 of ledger-1 (started and paused)")
    }

    @Test("each job of a slow process is delayed, until the delay is ended")
    func slow() throws {
        let run = Simulation.run(seed: 1, options: self.options()) { simulation in
            let count = Count()
            let process = simulation.process("ledger-1")
            process.slow(by: .milliseconds(100))
            await process.run("ticks") { await Self.tick(simulation, 2, count) }.value
            let slow = simulation.clock.now.sinceStart
            process.slow(by: .zero)
            await process.run("ticks") { await Self.tick(simulation, 2, count) }.value
            return (slow, simulation.clock.now.sinceStart - slow)
        }
        let (slow, quick) = try run.outcome.get()
        #expect(slow == .milliseconds(302))
        #expect(quick == .milliseconds(2))
    }

    @Test("a trigger fires right before its job, once")
    func trigger() throws {
        let run = Simulation.run(seed: 1, options: self.options()) { simulation in
            let (count, fired) = (Count(), Names())
            let process = simulation.process("ledger-1")
            process.onStep(3) { fired.add("\(process.stepCount) after \(count.value)") }
            await process.run("ticks") { await Self.tick(simulation, 6, count) }.value
            return fired.wrong
        }
        #expect(try run.outcome.get() == ["3 after 1"])
    }

    @Test("a trigger at each job in turn cancels a task at each of its awaits")
    func crashEverywhere() throws {
        var ends: [Int] = []
        for step in 1...6 {
            let run = Simulation.run(seed: 1, options: self.options()) { simulation in
                let count = Count()
                let process = simulation.process("ledger-1")
                let task = process.run("ticks") {
                    for _ in 0..<5 {
                        guard (try? await simulation.clock.sleep(for: .seconds(1))) != nil else {
                            return
                        }
                        count.add()
                    }
                }
                process.onStep(step) { task.cancel() }
                await task.value
                return count.value
            }
            #expect(run.leaks == [])
            ends.append(try run.outcome.get())
        }
        #expect(ends == [0, 1, 2, 3, 4, 5])
    }

    @Test("a trigger may pause its process, whose job then waits")
    func pausingTrigger() throws {
        let run = Simulation.run(seed: 1, options: self.options()) { simulation in
            let count = Count()
            let process = simulation.process("ledger-1")
            process.onStep(3) { process.pause() }
            let task = process.run("ticks") { await Self.tick(simulation, 4, count) }
            try await simulation.clock.sleep(for: .seconds(1))
            #expect(count.value == 1)
            #expect(process.stepCount == 2)
            process.resume()
            await task.value
            return count.value
        }
        #expect(try run.outcome.get() == 4)
    }

    @Test("outside of a simulation there is neither simulation nor process")
    func outside() {
        #expect(Simulation.current == nil)
        #expect(SimulatedProcess.current == nil)
    }
}

private final class Count: Sendable {
    private let state = Mutex(0)
    var value: Int { self.state.withLock { $0 } }
    func add() { self.state.withLock { $0 += 1 } }
}

/// Collects the names of processes other than the running one.
private final class Names: Sendable {
    private let state = Mutex<(wrong: [String], count: Int)>(([], 0))
    var wrong: [String] { self.state.withLock { $0.wrong } }
    var count: Int { self.state.withLock { $0.count } }

    func add(_ name: String) {
        let isRight = SimulatedProcess.current?.name == name
        self.state.withLock {
            $0.count += 1
            if !isRight { $0.wrong.append(name) }
        }
    }
}

private actor Speaker {
    private let names: Names
    init(_ names: Names) { self.names = names }

    func speak(_ name: String) async {
        self.names.add(name)
        await Task { self.names.add(name) }.value
    }
}
