/// Learns whether the messages of a method shrink, and skips those that do not.
///
/// After a failed try it skips one message, then two, four, and so on. Incompressible messages thus
/// cost almost nothing, and a change is noticed.
struct CompressionGain {
    /// The most messages skipped between two tries.
    static let skipsMax = 1_024

    private var penalty = 0
    private var skips = 0

    /// Returns true when the next message is worth a try.
    mutating func shouldTry() -> Bool {
        guard self.skips > 0 else { return true }
        self.skips -= 1
        return false
    }

    /// Records a try.
    mutating func tried(hasShrunk: Bool) {
        self.penalty = hasShrunk ? 0 : min(Self.skipsMax, max(1, self.penalty * 2))
        self.skips = self.penalty
    }
}
