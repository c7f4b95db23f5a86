@_spi(ExperimentalCustomExecutors) @_spi(ExperimentalScheduling) internal import _Concurrency

/// Routes jobs without a preferred executor, and the runtime's timers.
final class RoutingTaskExecutor: TaskExecutor, SchedulingExecutor {
    private let platform = PlatformExecutorFactory.defaultExecutor
    private let platformTimers: any SchedulingExecutor

    init() {
        guard let timers = self.platform as? any SchedulingExecutor else {
            preconditionFailure("The platform's default executor keeps timers.")
        }
        self.platformTimers = timers
    }

    func enqueue(_ job: consuming ExecutorJob) {
        if let simulation = Simulation.current {
            simulation.enqueue(UnownedJob(job), .global, of: simulation.attributed)
        } else {
            self.platform.enqueue(job)
        }
    }

    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob,
        after delay: C.Duration,
        tolerance: C.Duration?,
        clock: C
    ) {
        if let simulation = Simulation.current {
            let delay = Nanoseconds.of(delay)
            simulation.enqueue(UnownedJob(job), after: delay, of: simulation.attributed)
        } else {
            self.platformTimers.enqueue(job, after: delay, tolerance: tolerance, clock: clock)
        }
    }

    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob,
        at instant: C.Instant,
        tolerance: C.Duration?,
        clock: C
    ) {
        if let simulation = Simulation.current {
            let delay = Nanoseconds.of(clock.now.duration(to: instant))
            simulation.enqueue(UnownedJob(job), after: delay, of: simulation.attributed)
        } else {
            self.platformTimers.enqueue(job, at: instant, tolerance: tolerance, clock: clock)
        }
    }
}
