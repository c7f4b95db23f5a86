extension Simulation {
    /// Runs every schedule of a small body, one after another, without jitter.
    ///
    /// Schedules are enumerated depth first, by replaying the choices of the last run up to one of
    /// them. Ends when there are no more, when `limit` runs were made, or with the first run of
    /// which `isFound`, which is shown each, says so: by default one that failed. A run's choices
    /// replay it.
    public static func explore<Value: Sendable>(
        limit: Int,
        seed: UInt64 = 0,
        options: SimulationOptions = SimulationOptions(),
        processByProcess: Bool = false,
        until isFound: (SimulationRun<Value>) -> Bool = { !$0.isSuccess },
        _ body: @escaping @Sendable (Simulation) async throws -> Value
    ) -> SimulationExploration<Value> {
        var options = options
        options.jitter = .none
        var count = 0
        var prefix: [Int]? = []
        while let choices = prefix, count < limit {
            options.strategy = .replay(choices, processByProcess: processByProcess)
            let run = self.run(seed: seed, options: options, body)
            count += 1
            if isFound(run) { return .init(count: count, found: run, isComplete: false) }
            prefix = self.successor(of: run.choices)
        }
        return .init(count: count, found: nil, isComplete: prefix == nil)
    }

    /// The choices that begin the next schedule, or nil when this one was the last.
    private static func successor(of choices: [ScheduleChoice]) -> [Int]? {
        guard let last = choices.lastIndex(where: { $0.index + 1 < $0.count }) else { return nil }
        return choices[..<last].map(\.index) + [choices[last].index + 1]
    }
}

/// What came of enumerating schedules.
public struct SimulationExploration<Value: Sendable>: Sendable {
    /// How many runs were made.
    public let count: Int

    /// The run that ended the search.
    public let found: SimulationRun<Value>?

    /// Whether every schedule was run.
    public let isComplete: Bool
}
