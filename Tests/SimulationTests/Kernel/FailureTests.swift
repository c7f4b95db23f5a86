import Simulation
import Synchronization
import Testing

@Suite("Failures name their cause", .timeLimit(.minutes(10)))
struct FailureTests {
    private func failure<Value>(of run: SimulationRun<Value>) -> SimulationFailure? {
        guard case .failure(let error) = run.outcome else { return nil }
        return error as? SimulationFailure
    }

    @Test("a deadlock names every suspended task")
    func deadlock() {
        var options = SimulationOptions()
        options.jitter = .none
        let run = Simulation.run(seed: 1, options: options) { simulation in
            simulation.process("payment-1").run("settlement") {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask(name: "poll") { await never() }
                    group.addTask { try? await simulation.clock.sleep(for: .seconds(5)) }
                }
            }
            await never()
        }
        let suspended = [
            "task 1 of scenario (body)", "task 2 of payment-1 (settlement)",
            "task 3 of payment-1 (poll)",
        ]
        #expect(self.failure(of: run) == .deadlock(at: .seconds(5), suspended: suspended))
        #expect(run.leaks == Array(suspended[..<2]))
    }

    @Test("a livelock names the busiest task, spinning or sleeping", arguments: [false, true])
    func livelock(sleeps: Bool) {
        var options = SimulationOptions()
        options.stepsMax = 1_000
        let run = Simulation.run(seed: 1, options: options) { simulation in
            simulation.process("refund-1").run("spinner") {
                while true {
                    if sleeps { try? await simulation.clock.sleep(for: .milliseconds(1)) }
                    await Task.yield()
                }
            }
            await never()
        }
        guard case .livelock(1_000, let busiest) = self.failure(of: run) else {
            Issue.record("\(run.outcome)")
            return
        }
        let expected = "task 2 of refund-1 (spinner): \(sleeps ? 1_334 : 1_000) steps"
        #expect(busiest == [expected])
    }

    @Test("running out of virtual time is a failure")
    func timeLimit() {
        let run = Simulation.run(seed: 1) { simulation in
            try await simulation.clock.sleep(for: .seconds(601))
        }
        let expected = SimulationFailure.timeLimit(
            .seconds(600),
            suspended: ["task 1 of scenario (body)"]
        )
        #expect(self.failure(of: run) == expected)
    }

    @Test("the body's own error is the outcome")
    func ownError() {
        let run = Simulation.run(seed: 1) { _ in throw CancellationError() }
        #expect(throws: CancellationError.self) { try run.outcome.get() }
    }

    @Test("a task that sleeps at the end is a leak")
    func sleeping() {
        let run = Simulation.run(seed: 1) { simulation in
            Task(name: "sleeper") { try await simulation.clock.sleep(for: .seconds(99)) }
            await Task.yield()
        }
        #expect(run.isSuccess)
        #expect(run.leaks == ["task 2 of scenario (sleeper)"])
    }

    @Test("a task that reads an endless stream is a leak")
    func reading() {
        let run = Simulation.run(seed: 1) { _ in
            let (stream, feed) = AsyncStream<Int>.makeStream()
            Task {
                for await _ in stream {}
                feed.finish()
            }
            feed.yield(1)
        }
        #expect(run.leaks == ["task 2 of scenario"])
    }

    @Test("cancelled and finished tasks are no leaks, whoever retains them")
    func ended() {
        let kept = Mutex<[Task<Void, any Error>]>([])
        var options = SimulationOptions()
        options.leaks = .answer
        let run = Simulation.run(seed: 1, options: options) { simulation in
            let sleeper = Task { try await simulation.clock.sleep(for: .seconds(99)) }
            let runtimes = Task { try await Task<Never, Never>.sleep(nanoseconds: 99_000_000_000) }
            let short = Task<Void, any Error> {}
            kept.withLock { $0 = [sleeper, runtimes, short] }
            for _ in 0..<10 { await Task.yield() }
            sleeper.cancel()
            runtimes.cancel()
        }
        #expect(run.isSuccess, "\(run.outcome)")
        #expect(run.leaks == [])
        #expect(run.tasksCreated == 4)
    }

    @Test("thousands of finished tasks are dropped, a waiting one is not")
    func sweep() {
        let run = Simulation.run(seed: 1) { simulation in
            Task(name: "waiting") { await never() }
            for _ in 0..<5_000 { await Task {}.value }
        }
        #expect(run.tasksCreated == 5_002)
        #expect(run.leaks == ["task 2 of scenario (waiting)"])
    }
}
