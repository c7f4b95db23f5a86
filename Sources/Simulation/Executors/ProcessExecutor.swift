@_spi(ExperimentalCustomExecutors) @_spi(ExperimentalScheduling) internal import _Concurrency

/// The task executor that all tasks of one simulated process prefer.
///
/// With a preference, every hop between actors is a job, at which another task may run. Without
/// one, the runtime enters an idle actor directly, which hides races.
final class ProcessExecutor: TaskExecutor, SchedulingExecutor {
    private unowned let process: SimulatedProcess

    init(_ process: SimulatedProcess) { self.process = process }

    func enqueue(_ job: consuming ExecutorJob) {
        self.process.simulation.enqueue(UnownedJob(job), .task, of: self.process)
    }

    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob,
        after delay: C.Duration,
        tolerance: C.Duration?,
        clock: C
    ) {
        let simulation = self.process.simulation
        simulation.enqueue(UnownedJob(job), after: Nanoseconds.of(delay), of: self.process)
    }

    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob,
        at instant: C.Instant,
        tolerance: C.Duration?,
        clock: C
    ) {
        self.enqueue(
            job,
            after: clock.now.duration(to: instant),
            tolerance: tolerance,
            clock: clock
        )
    }
}
