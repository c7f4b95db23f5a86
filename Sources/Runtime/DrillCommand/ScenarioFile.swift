import Foundation
import Scenarios

/// A scenario with the name of the file that it came from.
struct ScenarioFile: Sendable {
    let path: String
    let scenario: Scenario

    /// Reads the file at `path`.
    ///
    /// - Throws: everything that is wrong with it, by line.
    init(_ path: String) throws {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Unreadable(path: path)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Unreadable(path: path)
        }
        self.path = path
        self.scenario = try ScenarioReader.read(text, file: path)
    }

    private struct Unreadable: Error, CustomStringConvertible {
        let path: String

        var description: String { "\(self.path): there is no such file, or it is not UTF-8 text" }
    }
}
