/// The result of a simulation.
public struct SimulationRun<Value: Sendable>: Sendable {
    /// The seed of the run.
    public let seed: UInt64

    /// The body's result or error, or the ``SimulationFailure`` that ended it.
    public let outcome: Result<Value, any Error>

    /// A hash over all jobs run and all marks; equal for equal runs.
    public let traceHash: UInt64

    /// The number of jobs run.
    public let steps: Int

    /// The virtual time at the end.
    public let virtualTime: Duration

    /// The number of tasks created, child tasks included.
    public let tasksCreated: Int

    /// The unstructured tasks still unfinished, such as "task 17 of payment-1 (name)".
    public let leaks: [String]

    /// All events in order; empty unless ``SimulationOptions/keepsTrace`` is set.
    public let trace: [TraceEvent]

    /// The choices among several ready jobs; recorded only by the replay strategy.
    public let choices: [ScheduleChoice]

    /// True if the body returned.
    public var isSuccess: Bool {
        if case .success = self.outcome { true } else { false }
    }
}
