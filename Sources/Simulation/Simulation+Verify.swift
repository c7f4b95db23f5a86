extension Simulation {
    /// Runs a seed twice and compares the trace hashes.
    ///
    /// If they differ, runs the seed twice more with traces and reports where those diverge.
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

/// The result of running a seed twice.
public struct SimulationVerification<Value: Sendable>: Sendable {
    /// The first of the two runs.
    public let run: SimulationRun<Value>

    /// The point of divergence; nil if the hashes are equal.
    public let divergence: TraceDivergence?
}
