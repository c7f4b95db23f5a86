/// Names and values as SQL writes them.
enum SQLText {
    /// A name that may hold anything.
    static func name(_ name: String) -> String {
        "\"\(name.replacing("\"", with: "\"\""))\""
    }

    /// A value that may hold anything, whatever `standard_conforming_strings` is.
    static func value(_ text: String) -> String {
        "E'\(text.replacing("\\", with: "\\\\").replacing("'", with: "''"))'"
    }
}
