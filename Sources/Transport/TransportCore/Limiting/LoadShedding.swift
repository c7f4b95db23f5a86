/// How much a service takes on at a time.
public struct LoadShedding: Hashable, Sendable {
    /// Calls at a time before anything is known.
    public var initialLimit = 256
    /// The limit never falls below this.
    public var limitMin = 16
    /// The limit never grows beyond this.
    public var limitMax = 4_096
    /// How much slower than the fastest calls they may be, as a factor, before the limit falls.
    public var tolerance = 2.0
    /// Calls faster than this are never too slow: batching and scheduling take some time, and
    /// there is nothing to defend.
    public var patience = Duration.milliseconds(50)
    /// Calls that may wait for their turn.
    public var queueMax = 4_096

    /// 256 at a time, then between 16 and 4,096.
    public init() {}
}
