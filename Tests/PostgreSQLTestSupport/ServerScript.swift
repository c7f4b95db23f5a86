import Foundation

/// Servers that `scripts/postgres` started; they live until its input ends, also when this process
/// is killed.
final class ServerScript: @unchecked Sendable {  // Its process is touched at the start and the end.
    let url: String
    private let process = Process()
    private let input = Pipe()

    /// - Parameter verb: `with` for one server, `pair` for a primary and its standby.
    /// - Throws: when they do not start.
    init(_ verb: String) throws {
        let output = Pipe()
        self.process.executableURL = TestProcess.repository.appending(path: "scripts/postgres")
        self.process.arguments = [verb, "sh", "-c", "echo \"$FLORIN_TEST_POSTGRES\"; cat"]
        self.process.standardInput = self.input
        self.process.standardOutput = output
        try self.process.startAlone()
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            guard let piece = try output.fileHandleForReading.read(upToCount: 1), !piece.isEmpty
            else { throw NoTestServer() }
            line += piece
        }
        self.url = String(decoding: line.dropLast(), as: UTF8.self)
    }

    /// Stops the servers.
    func end() {
        try? self.input.fileHandleForWriting.close()
        self.process.waitUntilExit()
    }
}
