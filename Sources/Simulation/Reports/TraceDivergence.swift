/// Where two runs of one seed part, with what surrounds it in both.
public struct TraceDivergence: Hashable, Sendable {
    /// How many events are shown on each side.
    static let surroundingMax = 6

    /// The place of the first event that differs; nil when the repeats happened to agree.
    public let index: Int?

    /// The events before it, which both runs have.
    public let before: [TraceEvent]

    /// What the first run goes on with; empty when it ended.
    public let first: [TraceEvent]

    /// What the second run goes on with; empty when it ended.
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
    /// The events of both runs around the place where they part.
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
