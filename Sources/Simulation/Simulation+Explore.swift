extension Simulation {
    /// Runs every schedule of a small body, one after another, without jitter.
    ///
    /// Enumerates schedules depth first: each run replays the previous choices up to a point and
    /// takes the next alternative there. Stops when all schedules have run, after `limit` runs, or
    /// at the first run for which `isFound` returns true (by default a failed one). The choices of
    /// that run replay it.
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

    /// The choices that begin the next schedule; nil after the last.
    private static func successor(of choices: [ScheduleChoice]) -> [Int]? {
        guard let last = choices.lastIndex(where: { $0.index + 1 < $0.count }) else { return nil }
        return choices[..<last].map(\.index) + [choices[last].index + 1]
    }
}

/// The result of an exploration.
public struct SimulationExploration<Value: Sendable>: Sendable {
    /// The number of runs.
    public let count: Int

    /// The run that satisfied `isFound`, if any.
    public let found: SimulationRun<Value>?

    /// True if every schedule was run.
    public let isComplete: Bool
}
