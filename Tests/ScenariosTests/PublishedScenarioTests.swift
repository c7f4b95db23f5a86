import Foundation
import Testing

@testable import Scenarios

@Suite
struct PublishedScenarioTests {
    @Test("every scenario of the repository is read, written back and taken by the schema")
    func files() throws {
        let drills = SchemaJudge.schema.deletingLastPathComponent()
        let benchmarks = drills.deletingLastPathComponent().appending(path: "Benchmarks")
        let files = try [drills, drills.appending(path: "planted"), benchmarks].flatMap { folder in
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
                .filter { $0.hasSuffix(".yaml") }.sorted()
            #expect(!names.isEmpty)
            return names.map { folder.appending(path: $0) }
        }
        let names = files.map(\.lastPathComponent)
        let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
        for (name, text) in zip(names, texts) {
            let scenario = try ScenarioReader.read(text, file: name)
            let written = ScenarioWriter.write(scenario)
            #expect(try ScenarioReader.read(written, file: name) == scenario)
        }
        #expect(try SchemaJudge.judge(texts) == names.map { _ in true }, "\(names)")
    }
}
