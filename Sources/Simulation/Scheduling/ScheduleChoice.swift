/// The choice of one job among several that were ready.
public struct ScheduleChoice: Hashable, Sendable {
    /// The chosen job's index among the ready ones.
    public let index: Int

    /// The number of ready jobs; at least two.
    public let count: Int
}
