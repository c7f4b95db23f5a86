/// One of several ready jobs that was picked.
public struct ScheduleChoice: Hashable, Sendable {
    /// Its place among those that were ready.
    public let index: Int

    /// How many were ready, at least two.
    public let count: Int
}
