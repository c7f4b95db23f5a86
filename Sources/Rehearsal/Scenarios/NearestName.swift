/// The known name that is most like an unknown one.
enum NearestName {
    /// The number of characters that are compared and quoted.
    private static let lengthMax = 64

    /// The first known name with the fewest changes to `name`; nil when `known` is empty.
    static func of(_ name: String, among known: [String]) -> String? {
        known.map { (name: $0, distance: self.distance(name, $0)) }
            .min { $0.distance < $1.distance }?.name
    }

    /// The error for an unknown `name`, with the nearest known one.
    static func sentence(_ noun: String, _ name: String, among known: [String]) -> String {
        let unknown = "unknown \(noun) \(self.quoted(name))"
        guard let nearest = self.of(name, among: known) else { return unknown }
        return "\(unknown) (nearest known \(noun): '\(nearest)')"
    }

    /// `text` in quotes, in one line, cut to ``lengthMax`` characters.
    static func quoted(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(Self.lengthMax).map { scalar in
            scalar.properties.generalCategory == .control || scalar.properties.isWhitespace
                ? " " : String(scalar)
        }
        let rest = text.unicodeScalars.count > Self.lengthMax ? "…" : ""
        return "'\(shown.joined())\(rest)'"
    }

    /// The number of letters to insert, remove or replace (Levenshtein distance).
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
