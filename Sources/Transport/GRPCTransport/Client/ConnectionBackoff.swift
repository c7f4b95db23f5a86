/// The waits between attempts to connect (gRPC "Connection Backoff Protocol").
public struct ConnectionBackoff: Hashable, Sendable {
    /// The first wait.
    public var initial = Duration.seconds(1)
    /// The factor from one wait to the next.
    public var multiplier = 1.6
    /// The longest wait.
    public var maximum = Duration.seconds(120)
    /// The largest random change of a wait, as a fraction.
    public var jitter = 0.2

    /// Creates gRPC's defaults: 1 s × 1.6 up to 120 s, ±20 %.
    public init() {}

    /// The wait after `failures` in a row (at least 1); `draw` is uniform in 0..<1.
    func delay(failures: Int, draw: Double) -> Duration {
        var seconds = self.initial / .seconds(1)
        let limit = self.maximum / .seconds(1)
        for _ in 1..<max(2, min(failures, 64)) where seconds < limit && failures > 1 {
            seconds *= self.multiplier
        }
        return .seconds(min(seconds, limit) * (1 + self.jitter * (2 * draw - 1)))
    }
}
