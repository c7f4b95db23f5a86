/// What came of one simulation.
public struct SimulationRun<Value: Sendable>: Sendable {
    /// The seed it ran with.
    public let seed: UInt64

    /// What the body returned or threw, or the ``SimulationFailure`` that ended it.
    public let outcome: Result<Value, any Error>

    /// A hash over every job that ran and every mark: equal for equal runs.
    public let traceHash: UInt64

    /// How many jobs ran.
    public let steps: Int

    /// How far the clock went.
    public let virtualTime: Duration

    /// How many tasks were created, child tasks included.
    public let tasksCreated: Int

    /// The unstructured tasks that had not finished, each as "task 17 of payment-1 (name)".
    public let leaks: [String]

    /// Every event, in order; empty unless it was to be kept.
    public let trace: [TraceEvent]

    /// Which of the ready jobs ran, wherever there were several; kept when choices are replayed.
    public let choices: [ScheduleChoice]

    /// Whether the body returned.
    public var isSuccess: Bool {
        if case .success = self.outcome { true } else { false }
    }
}
