import Foundation
import Testing

/// A `drill` in a folder of its own, run by a shell in which `drill` is a command.
struct DrillProcess {
    let code: Int32
    let output: String
    let errors: String

    /// A scenario that passes, and one that does not.
    static let passes = Self.scenario("tiny", operations: 6, expect: "")
    static let breaks = Self.scenario(
        "tiny",
        operations: 6,
        expect: "\n  seldom: [{metric: committed, max: 0}]"
    )

    static func scenario(_ name: String, operations: Int, expect: String) -> String {
        """
        version: 1
        name: \(name)
        about: A small one.
        run: {seeds: 1..2}
        clients:
          - {name: shop, count: 2, total: \(operations), ops: {pay: 1}, deadline: 2s}
        expect:
          always: [conservation]\(expect)

        """
    }

    /// Runs `script` in a folder with `files`, to its end; `drill`, which the script becomes, gets a signal as soon as it
    /// says a text on standard error, and `leaving` looks at the folder.
    static func run(
        _ script: String,
        files: [String: String] = [:],
        interrupting: (signal: Int32, after: String)? = nil,
        leaving: (URL) throws -> Void = { _ in }
    ) throws -> DrillProcess {
        let folder = FileManager.default.temporaryDirectory.appending(path: "drill-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        let (process, output, errors) = (Process(), folder.appending(path: ".out"), Pipe())
        try Data().write(to: output)
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = folder
        process.environment = [
            "PATH": "\(try Self.binaries.path):/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no",
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = errors
        try process.run()
        var said = ""
        var isInterrupted = false
        while case let data = errors.fileHandleForReading.availableData, !data.isEmpty {
            said += String(decoding: data, as: UTF8.self)
            guard let interrupting, !isInterrupted, said.contains(interrupting.after) else {
                continue
            }
            isInterrupted = true
            kill(process.processIdentifier, interrupting.signal)
        }
        process.waitUntilExit()
        try leaving(folder)
        return DrillProcess(
            code: process.terminationReason == .exit ? process.terminationStatus : -1,
            output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: said
        )
    }

    /// The folder of `drill`, beside the test bundle that depends on it.
    private static var binaries: URL {
        get throws {
            let bundles = [Bundle.main] + Bundle.allBundles
            let folders = bundles.flatMap { bundle in
                [bundle.bundleURL, bundle.bundleURL.deletingLastPathComponent()]
            }
            let found = folders.first {
                FileManager.default.isExecutableFile(atPath: $0.appending(path: "drill").path)
            }
            return try #require(found, "no drill beside \(folders.map(\.path))")
        }
    }
}
