extension Simulation {
    /// Runs `body` in a new simulation and blocks the calling thread until it ends.
    ///
    /// Simulations may run at the same time on different threads; they do not nest. The body is a
    /// task of the process `scenario`. After it returns, ready jobs still run, without advancing
    /// time; tasks unfinished after that are reported as leaks.
    public static func run<Value: Sendable>(
        seed: UInt64,
        options: SimulationOptions = SimulationOptions(),
        _ body: @escaping @Sendable (Simulation) async throws -> Value
    ) -> SimulationRun<Value> {
        precondition(Simulation.current == nil, "simulations do not nest")
        precondition(GuardContext.hasDeterministicHashing, "the order of sets must be determined")
        Router.installed
        let outcome = Outcome<SimulationRun<Value>>()
        SimulationThread.run {
            outcome.value = Simulation(seed: seed, options: options).conduct(body)
        }
        guard let run = outcome.value else { preconditionFailure("A simulation leaves a run.") }
        return run
    }

    private func conduct<Value: Sendable>(
        _ body: @escaping @Sendable (Simulation) async throws -> Value
    ) -> SimulationRun<Value> {
        self.context.bind(self)
        defer { self.context.unbind() }
        let outcome = Outcome<Result<Value, any Error>>()
        self.process("scenario").run("body") {
            do {
                outcome.value = .success(try await body(self))
            } catch {
                outcome.value = .failure(error)
            }
            self.progress.isFinished = true
        }
        do throws(SimulationFailure) {
            try self.loop()
        } catch {
            outcome.value = .failure(error)
        }
        guard let result = outcome.value else { preconditionFailure("A loop ends or throws.") }
        return self.report(result)
    }

    private func report<Value>(_ outcome: Result<Value, any Error>) -> SimulationRun<Value> {
        let (hash, steps, time) = (self.log.hash, self.progress.steps, self.context.now)
        self.drainTimers()
        let leaks = self.unfinishedRoots
        let run = SimulationRun(
            seed: self.seed,
            outcome: outcome,
            traceHash: hash,
            steps: steps,
            virtualTime: Nanoseconds.duration(time),
            tasksCreated: self.context.tasksCreated,
            leaks: leaks,
            trace: self.log.events,
            choices: self.chooser.choices
        )
        self.log.removeEvents()
        self.forgetBodies()
        // Unfinished tasks hold unretained pointers to their executor, so it must never be freed.
        if !leaks.isEmpty { Immortal.keep(self) }
        return run
    }
}

extension Simulation {
    /// Drops pending callbacks, which hold parts of the run and thereby this simulation.
    private func forgetBodies() {
        self.clock.forgetCalls()
        for process in self.processes.values { process.forgetTriggers() }
    }
}

/// A slot for the result of a thread or task.
private final class Outcome<Value>: @unchecked Sendable {  // read when the writer has ended
    var value: Value?
}
