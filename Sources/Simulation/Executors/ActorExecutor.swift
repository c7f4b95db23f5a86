/// A serial executor for one actor of a simulated process.
///
/// Actors that share an executor hop between each other without a job, so each needs its own.
final class ActorExecutor: SerialExecutor {
    private unowned let process: SimulatedProcess

    init(_ process: SimulatedProcess) { self.process = process }

    func enqueue(_ job: consuming ExecutorJob) {
        self.process.simulation.enqueue(UnownedJob(job), .actor(self), of: self.process)
    }
}
