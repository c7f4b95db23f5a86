/// Why a scenario file is refused: everything that is wrong with it, by line.
package struct ScenarioProblem: Error, Hashable, CustomStringConvertible {
    /// One thing that is wrong.
    package struct Finding: Hashable, Sendable {
        /// Counted from 1.
        package let line: Int
        /// What is wrong, in one line.
        package let sentence: String

        package init(line: Int, sentence: String) {
            self.line = line
            self.sentence = sentence
        }
    }

    /// As the caller named it.
    package let file: String
    /// At least one, by rising line.
    package let findings: [Finding]

    /// One line a finding: `FILE:LINE: what is wrong`.
    package var description: String {
        self.findings.map { "\(self.file):\($0.line): \($0.sentence)" }.joined(separator: "\n")
    }
}
