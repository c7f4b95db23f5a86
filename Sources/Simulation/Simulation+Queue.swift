/// The ready list and the delays before it.
extension Simulation {
    /// Makes a job ready, possibly after a delay of jitter.
    func enqueue(_ job: UnownedJob, _ route: ReadyJob.Route, of process: SimulatedProcess) {
        guard self.context.isHere else { return self.foreign.set() }
        self.enqueue(self.number(job, route, process))
    }

    /// Enqueues a job after `delay` nanoseconds.
    func enqueue(_ job: UnownedJob, after delay: UInt64, of process: SimulatedProcess) {
        guard self.context.isHere else { return self.foreign.set() }
        let job = self.number(job, .global, process)
        let (time, overflows) = self.context.now.addingReportingOverflow(delay)
        self.held.insert(.init(time: overflows ? .max : time, job: job, isTimer: true))
    }

    /// Makes a numbered job ready, possibly after a delay of jitter.
    func enqueue(_ job: ReadyJob) {
        let delay = job.process.slowness + self.jitter.next()
        if delay == 0 {
            self.admit(job)
        } else {
            self.held.insert(.init(time: self.context.now + delay, job: job, isTimer: false))
        }
    }

    /// Appends a job to the ready list, or parks it if its process is paused.
    func admit(_ job: ReadyJob) {
        if job.process.isPaused { job.process.park(job) } else { self.ready.append(job) }
    }

    /// Removes a process's jobs from the ready list.
    func removeReady(of process: SimulatedProcess) -> [ReadyJob] {
        let removed = self.ready.filter { $0.process === process }
        if !removed.isEmpty { self.ready.removeAll { $0.process === process } }
        return removed
    }

    /// Ends all delays, pauses and random choices for the rest of the run.
    func settle() {
        for name in self.processes.keys.sorted() {
            self.processes[name]?.slow(by: .zero)
            self.processes[name]?.resume()
        }
        self.chooser.settle()
        self.jitter = JitterSource(.none, stream: RandomStream(seed: self.seed, name: "jitter"))
    }

    private func number(
        _ job: UnownedJob,
        _ route: ReadyJob.Route,
        _ process: SimulatedProcess
    ) -> ReadyJob {
        self.progress.arrivals += 1
        let task = runtimeTaskNumber(job)
        return ReadyJob(
            job: job,
            route: route,
            process: process,
            arrival: self.progress.arrivals,
            task: task
        )
    }
}
