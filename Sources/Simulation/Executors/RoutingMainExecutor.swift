@_spi(ExperimentalCustomExecutors) internal import _Concurrency

/// Routes jobs of the main actor.
final class RoutingMainExecutor: MainExecutor {
    private let platform = PlatformExecutorFactory.mainExecutor

    func run() throws { try self.platform.run() }
    func runUntil(_ condition: () -> Bool) throws { try self.platform.runUntil(condition) }
    func stop() { self.platform.stop() }

    func enqueue(_ job: consuming ExecutorJob) {
        if let simulation = Simulation.current {
            simulation.enqueue(UnownedJob(job), .main, of: simulation.attributed)
        } else {
            self.platform.enqueue(job)
        }
    }

    func checkIsolated() { self.platform.checkIsolated() }
    func isIsolatingCurrentContext() -> Bool? { self.platform.isIsolatingCurrentContext() }
}
