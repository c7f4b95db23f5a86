/// The reasons to refuse a scenario file: all its errors, by line.
package struct ScenarioError: Error, Hashable, CustomStringConvertible {
    /// As the caller named it.
    package let file: String
    /// At least one, by rising line.
    package let diagnostics: [Diagnostic]

    /// The diagnostics, a line each: `FILE:LINE: SENTENCE`.
    package var description: String {
        self.diagnostics.map { "\(self.file):\($0.line): \($0.sentence)" }.joined(separator: "\n")
    }
}
