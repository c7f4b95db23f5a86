import Foundation
import Testing

/// Walks the files of one payment that docs/ARCHITECTURE.md lists.
@Suite("The files of one payment")
struct PaymentPathTests {
    private struct Step {
        let file: String
        let entry: String
        let call: String
        let shape: String

        /// The cells of a row between backticks; nil for other lines.
        init?(_ line: Substring) {
            let cells = line.split(separator: "`", omittingEmptySubsequences: false)
            guard line.hasPrefix("| `"), cells.count == 9 else { return nil }
            (self.file, self.entry) = ("Sources/" + cells[1], String(cells[3]))
            (self.call, self.shape) = (String(cells[5]), String(cells[7]))
        }
    }

    private static let section: Substring = {
        let page = SourceTree.repository.files.first { $0.path == "docs/ARCHITECTURE.md" }
        let rest = page?.text.components(separatedBy: "### The files of one payment\n").last ?? ""
        return rest[...].prefix(upTo: rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)
    }()

    private static let steps = section.split(separator: "\n").compactMap(Step.init)

    @Test("each file has its entry and passes the payment on by its call")
    func walk() {
        #expect(Self.steps.count > 20)
        let texts = Dictionary(
            SourceTree.repository.files.map { ($0.path, $0.text) },
            uniquingKeysWith: { first, _ in first }
        )
        for step in Self.steps {
            let text = texts[step.file] ?? ""
            #expect(text.contains(step.entry), "\(step.file) has no \(step.entry)")
            #expect(text.contains(step.call), "\(step.file) does not call \(step.call)")
        }
    }

    @Test("each call leads to the entry of the next file")
    func order() {
        for (step, next) in zip(Self.steps, Self.steps.dropFirst()) {
            // Frames lead to another process; a closure was passed down when its owner was made.
            if step.call.hasPrefix("nghttp2_") || next.entry.contains("{") { continue }
            let name = step.call.split(separator: ".").last ?? ""
            #expect(next.entry.contains(name), "\(step.call) does not lead to \(next.entry)")
        }
    }

    @Test("each shape exists, as a type of ours or a message")
    func shapes() {
        let files = SourceTree.repository.files
        for shape in Set(Self.steps.map(\.shape)).subtracting(["Request"]) {
            let message = shape.split(separator: "_").last ?? ""
            let declarations = ["struct \(shape)", "class \(shape)", "enum \(shape)"]
            let exists = files.contains { file in
                file.path.hasSuffix(".proto")
                    ? file.text.contains("message \(message) {")
                    : declarations.contains { file.text.contains($0) }
            }
            #expect(exists, "there is no \(shape)")
        }
    }

    @Test("the page tells the number of files and shapes")
    func numbers() {
        let files = Set(Self.steps.map(\.file)).count
        let shapes = Set(Self.steps.map(\.shape)).count
        #expect(Self.section.contains("\(files) files and \(shapes) shapes"))
    }
}
