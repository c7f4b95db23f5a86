/// When a client asks whether its server is still there (gRFC A8).
public struct Keepalive: Hashable, Sendable {
    /// Time between pings while calls are open; nil means none.
    ///
    /// At least 10 s.
    public let interval: Duration?

    /// How long an answer may take.
    public let timeout: Duration

    /// Pings every `interval`, at least 10 s apart.
    public init(interval: Duration? = nil, timeout: Duration = .seconds(20)) {
        self.init(unbounded: interval.map { max($0, .seconds(10)) }, timeout: timeout)
    }

    /// Pings as often as is said: not for a server that counts them.
    init(unbounded interval: Duration?, timeout: Duration) {
        self.interval = interval
        self.timeout = timeout
    }
}
