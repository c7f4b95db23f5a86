/// The point at which two runs of one seed diverge, with its surroundings in both.
public struct TraceDivergence: Hashable, Sendable {
    /// The most events shown on each side.
    static let surroundingMax = 6

    /// The index of the first different event; nil if the repeated runs agreed.
    public let index: Int?

    /// The common events before the divergence.
    public let before: [TraceEvent]

    /// The first run's next events; empty if it ended.
    public let first: [TraceEvent]

    /// The second run's next events; empty if it ended.
    public let second: [TraceEvent]

    init(_ first: [TraceEvent], _ second: [TraceEvent]) {
        let same = zip(first, second).prefix { $0 == $1 }.count
        self.index = same == first.count && same == second.count ? nil : same
        self.before = Array(first[..<same].suffix(Self.surroundingMax))
        self.first = Array(first[same...].prefix(Self.surroundingMax))
        self.second = Array(second[same...].prefix(Self.surroundingMax))
    }
}

extension TraceDivergence: CustomStringConvertible {
    /// The events of both runs around the divergence, one a line.
    public var description: String {
        guard let index = self.index else {
            return "the hashes of two runs differ, but those of two more did not"
        }
        let lines =
            ["the runs part at event \(index)"] + self.before.map { "    \($0)" }
            + self.first.map { "  1 \($0)" } + self.second.map { "  2 \($0)" }
        return lines.joined(separator: "\n")
    }
}
