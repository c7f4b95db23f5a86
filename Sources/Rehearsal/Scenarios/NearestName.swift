/// Names that somebody may have meant.
enum NearestName {
    /// Longer names are compared by their beginning only.
    private static let lengthMax = 64

    /// The first of those that take the fewest changes to become `name`; nil if there are none.
    static func of(_ name: String, among known: [String]) -> String? {
        known.map { (name: $0, distance: self.distance(name, $0)) }
            .min { $0.distance < $1.distance }?.name
    }

    /// Says that `name` is unknown, and which known `noun` is nearest.
    static func sentence(_ noun: String, _ name: String, among known: [String]) -> String {
        let unknown = "unknown \(noun) \(self.quoted(name))"
        guard let nearest = self.of(name, among: known) else { return unknown }
        return "\(unknown) (nearest known \(noun): '\(nearest)')"
    }

    /// `text` in quotes, in one line and not too long.
    static func quoted(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(Self.lengthMax).map { scalar in
            scalar.properties.generalCategory == .control || scalar.properties.isWhitespace
                ? " " : String(scalar)
        }
        let rest = text.unicodeScalars.count > Self.lengthMax ? "…" : ""
        return "'\(shown.joined())\(rest)'"
    }

    /// The number of letters that must be put in, taken out or replaced.
    static func distance(_ first: String, _ second: String) -> Int {
        let columns = Array(second.unicodeScalars.prefix(Self.lengthMax))
        var row = Array(0...columns.count)
        for (index, letter) in first.unicodeScalars.prefix(Self.lengthMax).enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in columns.enumerated() {
                let change = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, min(row[column], diagonal) + 1)
            }
        }
        return row[columns.count]
    }
}
