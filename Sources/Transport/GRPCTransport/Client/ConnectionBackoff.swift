/// How long to wait before a server that could not be reached is tried again (gRPC "Connection
/// Backoff Protocol").
public struct ConnectionBackoff: Hashable, Sendable {
    /// The first wait.
    public var initial = Duration.seconds(1)
    /// How much longer each wait is than the one before.
    public var multiplier = 1.6
    /// The longest wait.
    public var maximum = Duration.seconds(120)
    /// Each wait is shortened or lengthened by up to this share.
    public var jitter = 0.2

    /// 1 s × 1.6 to 120 s, ±0.2.
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
