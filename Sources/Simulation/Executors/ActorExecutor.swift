/// The serial executor of an actor in a simulated process.
///
/// Each actor needs its own: actors that share an executor switch without a job, so the simulation
/// could not interleave them.
final class ActorExecutor: SerialExecutor {
    private unowned let process: SimulatedProcess

    init(_ process: SimulatedProcess) { self.process = process }

    func enqueue(_ job: consuming ExecutorJob) {
        self.process.simulation.enqueue(UnownedJob(job), .actor(self), of: self.process)
    }
}
