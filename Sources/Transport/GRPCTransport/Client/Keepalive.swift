/// When a client asks whether its server is still there (gRFC A8).
public struct Keepalive: Hashable, Sendable {
    /// The shortest time between two pings of a silent connection, as gRFC A8 has it.
    public static let intervalMin = Duration.seconds(10)

    /// Silence after which the server is pinged; nil: it never is.
    ///
    /// At least ``intervalMin``.
    public let interval: Duration?

    /// Time for an answer before the connection is closed.
    public let timeout: Duration

    /// Whether connections without calls are pinged, too.
    public let withoutCalls: Bool

    /// Pings after `interval` of silence, at least 10 s.
    ///
    /// A server that is not Florin's may count pings: most take one in five minutes while calls are
    /// open, and none while there is none. The interval doubles each time one complains.
    public init(
        interval: Duration? = Keepalive.intervalMin,
        timeout: Duration = .seconds(5),
        withoutCalls: Bool = false
    ) {
        self.init(
            unbounded: interval.map { max($0, Self.intervalMin) },
            timeout: timeout,
            withoutCalls: withoutCalls
        )
    }

    /// Pings as often as is said: not for a server that counts them.
    init(unbounded interval: Duration?, timeout: Duration, withoutCalls: Bool = false) {
        self.interval = interval
        self.timeout = timeout
        self.withoutCalls = withoutCalls
    }

    /// Pings half as often after each of `complaints` that they are too many.
    func after(complaints: Int) -> Keepalive {
        let factor = 1 << min(complaints, 16)
        return Keepalive(
            unbounded: self.interval.map { $0 * factor },
            timeout: self.timeout,
            withoutCalls: self.withoutCalls
        )
    }
}
