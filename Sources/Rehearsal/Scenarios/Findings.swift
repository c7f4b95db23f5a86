/// Gathers what is wrong with a file while it is read, so that its author hears of all of it.
final class Findings {
    /// Further ones are of no use to anybody.
    static let countMax = 50

    private(set) var all: [ScenarioProblem.Finding] = []

    var isEmpty: Bool { self.all.isEmpty }

    func add(_ line: Int, _ sentence: String) {
        guard self.all.count < Self.countMax else { return }
        self.all.append(ScenarioProblem.Finding(line: line, sentence: sentence))
    }

    func add(_ mistake: Mistake) { self.add(mistake.line, mistake.sentence) }

    /// By line; of one line, in the order in which they were found.
    func problem(in file: String) -> ScenarioProblem {
        let sorted = self.all.enumerated().sorted {
            ($0.element.line, $0.offset) < ($1.element.line, $1.offset)
        }
        return ScenarioProblem(file: file, findings: sorted.map(\.element))
    }
}

/// Why one value cannot be read.
struct Mistake: Error {
    let line: Int
    let sentence: String

    init(_ node: SourceNode, _ sentence: String) {
        self.line = node.line
        self.sentence = sentence
    }
}
