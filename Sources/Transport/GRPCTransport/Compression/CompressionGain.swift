/// Learns whether the messages of a method shrink, so that those that do not are let alone.
///
/// After a message that did not, one goes by untried, then two, four, and so on: what cannot be
/// compressed costs next to nothing, and a method that changes its ways is found out.
struct CompressionGain {
    /// The most messages that go by between two tries.
    static let skipsMax = 1_024

    private var penalty = 0
    private var skips = 0

    /// Whether to try the next message.
    mutating func shouldTry() -> Bool {
        guard self.skips > 0 else { return true }
        self.skips -= 1
        return false
    }

    /// One was tried.
    mutating func tried(hasShrunk: Bool) {
        self.penalty = hasShrunk ? 0 : min(Self.skipsMax, max(1, self.penalty * 2))
        self.skips = self.penalty
    }
}
