extension Simulation {
    /// The most steps after the body's end, in which cancelled tasks can unwind.
    private static let unwindingStepsMax = 100_000

    /// Runs jobs until the body has ended and the ready jobs have unwound.
    func loop() throws(SimulationFailure) {
        while !self.progress.isFinished {
            if self.ready.isEmpty { try self.advance() }
            if self.progress.steps >= self.options.stepsMax { throw self.livelock() }
            self.step()
            try self.checkLeaks()
        }
        try self.unwind()
    }

    func checkLeaks() throws(SimulationFailure) {
        if self.context.hasLeak, let leak = self.leakFailure { throw leak }
        if self.foreign.isSet {
            throw .foreignResume(at: Nanoseconds.duration(self.context.now))
        }
    }

    /// Runs one ready job.
    func step() {
        let index = self.chooser.index(among: self.ready)
        let job = self.take(index)
        self.progress.steps += 1
        self.log.mix(job.arrival << 32 | UInt64(index) << 16 | job.routeCode)
        self.log.mix(self.context.now)
        self.running = job.process
        self.context.beginStep(job.process.identity, job.task)
        if job.process.beginStep() {
            if self.log.isKept { self.log.append(self.event(self.kind(of: job))) }
            job.run()
        } else {
            job.process.park(job)
        }
        self.running = nil
        self.context.endStep()
    }

    private func take(_ index: Int) -> ReadyJob {
        if self.chooser.keepsOrder { return self.ready.remove(at: index) }
        self.ready.swapAt(index, self.ready.count - 1)
        return self.ready.removeLast()
    }

    /// Advances time until a job is ready.
    func advance() throws(SimulationFailure) {
        let limit = Nanoseconds.of(self.options.virtualTimeMax)
        while self.ready.isEmpty {
            guard let next = self.nextTime else { throw self.deadlock() }
            guard next <= limit else { throw self.timeLimit() }
            self.move(to: max(next, self.context.now))
            try self.checkLeaks()
        }
    }

    private var nextTime: UInt64? {
        let sleeper = self.clock.nextDeadline.map { Nanoseconds.of($0.sinceStart) }
        guard let held = self.held.nextTime else { return sleeper }
        return sleeper.map { min($0, held) } ?? held
    }

    private func move(to time: UInt64) {
        self.context.now = time
        while let entry = self.held.removeDue(by: time) {
            if entry.isTimer { self.enqueue(entry.job) } else { self.admit(entry.job) }
        }
        self.clock.advance(to: .init(sinceStart: Nanoseconds.duration(time)))
    }

    /// Runs ready jobs, such as those of cancelled tasks, without advancing time.
    private func unwind() throws(SimulationFailure) {
        self.settle()
        for entry in self.held.removeAll(where: { !$0.isTimer }) { self.admit(entry.job) }
        var steps = 0
        while !self.ready.isEmpty, steps < Self.unwindingStepsMax {
            self.step()
            try self.checkLeaks()
            steps += 1
        }
    }

    /// Runs the timers of the runtime's own sleeps, which frees the memory of cancelled ones.
    func drainTimers() {
        for entry in self.held.removeAll(where: \.isTimer) {
            entry.job.run()
        }
    }
}
