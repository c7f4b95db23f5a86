/// Collects the errors of a file while it is read, so that its author sees all of them at once.
final class Diagnostics {
    /// The bound on the errors that are kept; further ones are dropped.
    static let countMax = 50

    private(set) var all: [Diagnostic] = []

    var isEmpty: Bool { self.all.isEmpty }

    func add(_ line: Int, _ sentence: String) {
        self.add(Diagnostic(line: line, sentence: sentence))
    }

    func add(_ diagnostic: Diagnostic) {
        guard self.all.count < Self.countMax else { return }
        self.all.append(diagnostic)
    }

    /// The errors by line; errors of one line stay in the order in which they were found.
    func error(in file: String) -> ScenarioError {
        let sorted = self.all.enumerated().sorted {
            ($0.element.line, $0.offset) < ($1.element.line, $1.offset)
        }
        return ScenarioError(file: file, diagnostics: sorted.map(\.element))
    }
}

/// An error in a scenario file.
package struct Diagnostic: Error, Hashable {
    /// Lines count from 1.
    package let line: Int
    /// The error, in one line.
    package let sentence: String

    init(line: Int, sentence: String) {
        self.line = line
        self.sentence = sentence
    }

    /// An error at the line of `node`.
    init(_ node: SourceNode, _ sentence: String) {
        self.init(line: node.line, sentence: sentence)
    }
}
