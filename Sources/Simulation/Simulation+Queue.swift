/// How jobs become ready.
extension Simulation {
    /// Makes a job ready, or holds it back for a while.
    func enqueue(_ job: UnownedJob, _ route: ReadyJob.Route, of process: SimulatedProcess) {
        guard self.context.isHere else { return self.foreign.set() }
        self.enqueue(self.number(job, route, process))
    }

    /// Makes a job ready when `delay` nanoseconds have passed.
    func enqueue(_ job: UnownedJob, after delay: UInt64, of process: SimulatedProcess) {
        guard self.context.isHere else { return self.foreign.set() }
        let job = self.number(job, .global, process)
        let (time, overflows) = self.context.now.addingReportingOverflow(delay)
        self.held.insert(.init(time: overflows ? .max : time, job: job, isTimer: true))
    }

    /// The same for a job that has its number.
    func enqueue(_ job: ReadyJob) {
        let delay = job.process.slowness + self.jitter.next()
        if delay == 0 {
            self.admit(job)
        } else {
            self.held.insert(.init(time: self.context.now + delay, job: job, isTimer: false))
        }
    }

    /// Puts a job on the ready list, unless its process is paused.
    func admit(_ job: ReadyJob) {
        if job.process.isPaused { job.process.park(job) } else { self.ready.append(job) }
    }

    /// Takes a process's jobs off the ready list.
    func removeReady(of process: SimulatedProcess) -> [ReadyJob] {
        let removed = self.ready.filter { $0.process === process }
        if !removed.isEmpty { self.ready.removeAll { $0.process === process } }
        return removed
    }

    /// From here on nothing is held back and the order is of no interest.
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
