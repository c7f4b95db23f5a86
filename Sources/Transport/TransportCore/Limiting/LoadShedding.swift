/// The bounds on the calls that a service runs at a time.
public struct LoadShedding: Hashable, Sendable {
    /// The lower bound of the limit.
    public var limitMin = 16
    /// The upper bound of the limit, and its start.
    public var limitMax = 4_096
    /// The wait of ready work above which the limit is lowered.
    public var delayMax = Duration.milliseconds(50)
    /// The most calls that may wait for their turn.
    public var queueMax = 4_096

    /// Creates bounds of 16 to 4,096 calls, with a delay of 50 ms as overload.
    public init() {}
}
