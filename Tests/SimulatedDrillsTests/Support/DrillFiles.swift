import DrillEngine
import Foundation
import Scenarios

/// The drills of the repository, as they lie there.
enum DrillFiles {
    private static let folder = URL(filePath: #filePath)
        .resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "Scenarios")

    /// The names of all files, in their order; none when there is no such folder.
    static let names: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: Self.folder.path)) ?? [])
        .filter { $0.hasSuffix(".yaml") }
        .sorted()

    static func scenario(_ file: String) throws -> Scenario {
        let bytes = try Data(contentsOf: Self.folder.appending(path: file))
        return try ScenarioReader.read(String(decoding: bytes, as: UTF8.self), file: file)
    }
}
