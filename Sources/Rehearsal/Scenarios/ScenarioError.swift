/// The refusal of a scenario file, with all its errors by line.
package struct ScenarioError: Error, Hashable, CustomStringConvertible {
    /// The file, as the caller named it.
    package let file: String
    /// The errors by ascending line; at least one.
    package let diagnostics: [Diagnostic]

    /// The diagnostics, a line each: `FILE:LINE: SENTENCE`.
    package var description: String {
        self.diagnostics.map { "\(self.file):\($0.line): \($0.sentence)" }.joined(separator: "\n")
    }
}
