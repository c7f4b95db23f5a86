/// A piece of Swift source that is neither space nor comment.
struct Token: Hashable {
    enum Kind {
        /// A name, a keyword or a number; backticks are left out.
        case word
        /// One character, such as `{` or `.`.
        case symbol
        /// A string literal: its text without quotes and without what is interpolated.
        case string
    }

    let kind: Kind
    var text: String
    let line: Int

    /// Whether nothing stands between it and the token before: `try!` is not `try !`.
    var isAttached = false

    /// Whether this is the symbol or the word `text`, and no string.
    func isCode(_ text: String) -> Bool { self.kind != .string && self.text == text }
}

/// A comment without its slashes.
struct Comment: Hashable {
    let text: String
    let line: Int
}
