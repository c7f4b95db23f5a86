/// The rules by which a client pings a silent server (gRFC A8).
public struct Keepalive: Hashable, Sendable {
    /// The shortest time between pings of a silent connection (gRFC A8).
    public static let intervalMin = Duration.seconds(10)

    /// The silence after which the server is pinged, at least ``intervalMin``; nil never pings.
    public let interval: Duration?

    /// The time for an answer before the connection is closed.
    public let timeout: Duration

    /// True to ping connections without calls, too.
    public let withoutCalls: Bool

    /// Creates rules that ping after `interval` of silence, at least 10 s.
    ///
    /// Other servers may count pings: most allow one in five minutes during calls, and none without
    /// calls. The interval doubles each time a server complains.
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

    /// Creates rules without the lower bound, for servers that do not count pings.
    init(unbounded interval: Duration?, timeout: Duration, withoutCalls: Bool = false) {
        self.interval = interval
        self.timeout = timeout
        self.withoutCalls = withoutCalls
    }

    /// These rules with the interval doubled for each of `complaints`.
    func after(complaints: Int) -> Keepalive {
        let factor = 1 << min(complaints, 16)
        return Keepalive(
            unbounded: self.interval.map { $0 * factor },
            timeout: self.timeout,
            withoutCalls: self.withoutCalls
        )
    }
}
