import ArgumentParser
import Console
import DrillEngine
import Foundation
import Scenarios
import SimulatedDrills

/// A scenario and the name of its file.
struct ScenarioFile: Sendable {
    let path: String
    let scenario: Scenario
    private let place: String

    /// Reads the file at `path`; `place` is added to the replay commands.
    ///
    /// - Throws: ``Refused`` with all errors of the file, by line.
    init(_ path: String, place: String = "") throws {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Refused(description: "\(path): there is no such file")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Refused(description: "\(path): this is not UTF-8 text")
        }
        self.path = path
        self.place = place
        do throws(ScenarioError) {
            self.scenario = try ScenarioReader.read(text, file: path)
        } catch {
            throw Refused(description: error.description)
        }
        if let fault = self.scenario.faultInSettings {
            throw Refused(description: "\(path): \(fault)")
        }
    }

    /// The command that repeats `run`.
    func replay(_ run: DrillRun) -> String {
        let schedule = run.schedule.map { " --schedule \($0)" } ?? ""
        return "drill \(ShellWord.quoted(self.path)) --seed \(run.seed)" + schedule + self.place
    }

    /// Reads every file; reports all errors, and throws if there are any.
    static func readAll(_ paths: [String], place: String) throws -> [ScenarioFile] {
        var files: [ScenarioFile] = []
        var isGood = true
        for path in paths {
            do {
                files.append(try ScenarioFile(path, place: place))
            } catch {
                complain("\(error)")
                isGood = false
            }
        }
        // EX_DATAERR of sysexits.h: the input was wrong.
        if !isGood { throw ExitCode(65) }
        return files
    }

    private struct Refused: Error, CustomStringConvertible {
        let description: String
    }
}
