/// A token of Swift source, neither space nor comment.
struct Token: Hashable {
    enum Kind {
        /// A name, keyword or number, without backticks.
        case word
        /// A single character, such as `{` or `.`.
        case symbol
        /// A string literal, without quotes and interpolations.
        case string
    }

    let kind: Kind
    var text: String
    let line: Int

    /// True if the token touches the one before it: `try!` differs from `try !`.
    var isAttached = false

    /// True for the symbol or word `text`; false for strings.
    func isCode(_ text: String) -> Bool { self.kind != .string && self.text == text }
}

/// A comment without its slashes.
struct Comment: Hashable {
    let text: String
    let line: Int
}
