/// How much a service takes on at a time.
public struct LoadShedding: Hashable, Sendable {
    /// The limit never falls below this.
    public var limitMin = 16
    /// The limit never grows beyond this, and begins there.
    public var limitMax = 4_096
    /// The longest that what is ready to run waits here before the limit falls.
    public var delayMax = Duration.milliseconds(50)
    /// Calls that may wait for their turn.
    public var queueMax = 4_096

    /// 4,096 at a time, and down to 16 while what is ready waits for more than 50 ms.
    public init() {}
}
