import Foundation
import Scenarios

/// The drills of the corpus, as they lie in the repository.
enum PlantedFiles {
    private static let folder = URL(filePath: #filePath)
        .resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Scenarios/planted")

    static func scenario(_ file: String) throws -> Scenario {
        let bytes = try Data(contentsOf: Self.folder.appending(path: file))
        return try ScenarioReader.read(String(decoding: bytes, as: UTF8.self), file: file)
    }

    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            .filter { $0.hasSuffix(".yaml") }
            .sorted()
    }
}
