import Simulation
import TransportCore

/// Runs `body` in virtual time and returns its result.
///
/// Without a seed, jobs run in the order in which they become ready; with a seed, in an order drawn
/// from it. No job is delayed.
func inVirtualTime<Value: Sendable>(
    seed: UInt64? = nil,
    _ body: @escaping @Sendable (Timeline) async throws -> Value
) throws -> Value {
    var options = SimulationOptions()
    options.strategy = seed == nil ? .fifo : .random
    options.jitter = .none
    return try Simulation.run(seed: seed ?? 1, options: options) { simulation in
        try await body(Timeline(simulation.clock))
    }.outcome.get()
}

extension Timeline.Instant {
    /// The moment `milliseconds` after the timeline was made.
    static func at(_ milliseconds: Int64) -> Self { Self(nanoseconds: milliseconds * 1_000_000) }
}
