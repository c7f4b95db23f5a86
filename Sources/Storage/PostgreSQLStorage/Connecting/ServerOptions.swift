/// libpq's `options`: command-line options of a session's server (PostgreSQL's manual, 34.1.2).
enum ServerOptions {
    /// The `search_path` among the options, as the server stores it; nil if absent.
    static func searchPath(in options: String) -> String? {
        var found: String?
        var words = self.words(options)[...]
        while let word = words.popFirst() {
            let setting: String
            if word == "-c" {
                setting = words.popFirst() ?? ""
            } else if word.hasPrefix("-c") || word.hasPrefix("--") {
                setting = String(word.dropFirst(2))
            } else {
                continue
            }
            let parts = setting.split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = parts[0].replacing("-", with: "_").lowercased()
            if name == "search_path", parts.count == 2 { found = String(parts[1]) }
        }
        return found
    }

    /// Splits at whitespace that is not escaped by a backslash.
    private static func words(_ options: String) -> [String] {
        var words = [""]
        var isEscaped = false
        for character in options {
            if isEscaped || !(character.isWhitespace || character == "\\") {
                words[words.count - 1].append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                words.append("")
            }
        }
        return words.filter { !$0.isEmpty }
    }
}
