extension Simulation {
    /// Runs a seed twice, and tells where the runs part if they do.
    ///
    /// When the hashes differ both are run again with their events kept.
    public static func verify<Value: Sendable>(
        seed: UInt64,
        options: SimulationOptions = SimulationOptions(),
        _ body: @escaping @Sendable (Simulation) async throws -> Value
    ) -> SimulationVerification<Value> {
        let (first, second) = (
            self.run(seed: seed, options: options, body),
            self.run(seed: seed, options: options, body)
        )
        guard first.traceHash != second.traceHash else {
            return SimulationVerification(run: first, divergence: nil)
        }
        var options = options
        options.keepsTrace = true
        let divergence = TraceDivergence(
            self.run(seed: seed, options: options, body).trace,
            self.run(seed: seed, options: options, body).trace
        )
        return SimulationVerification(run: first, divergence: divergence)
    }
}

/// What came of running a seed twice.
public struct SimulationVerification<Value: Sendable>: Sendable {
    /// The first of the two runs.
    public let run: SimulationRun<Value>

    /// Where they part; nil when they are the same.
    public let divergence: TraceDivergence?
}
