/// Names and values quoted for SQL.
enum SQLText {
    /// A quoted name.
    static func name(_ name: String) -> String {
        "\"\(name.replacing("\"", with: "\"\""))\""
    }

    /// A quoted value, valid under any `standard_conforming_strings`.
    static func value(_ text: String) -> String {
        "E'\(text.replacing("\\", with: "\\\\").replacing("'", with: "''"))'"
    }
}
