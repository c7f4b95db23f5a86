import Foundation
import Synchronization
import Testing

/// A `runtime` process and its output; used by one task.
///
/// Every wait ends when the test's time limit cancels its task.
final class RuntimeProcess {
    private let process = Process()
    private let events: AsyncStream<Event>
    private var iterator: AsyncStream<Event>.Iterator
    private var openPipes = 2
    private var status: Int32?

    /// All output so far.
    private(set) var output = ""
    private(set) var errors = ""

    private enum Event: Sendable {
        case wrote(Data, isError: Bool)
        case exited(Int32)
    }

    enum Failure: Error {
        /// The process ended, or the test's time was up, before it printed `line`.
        case neverSaid(line: String, output: String)
        case neverExited(output: String)
        case noPort(line: String)
    }

    /// Starts `runtime` with only `environment`, directly or through a shell command.
    ///
    /// A shell command such as `exec "$0" "$@" > /dev/full` finds the path of `runtime` in `$0`.
    init(
        _ arguments: [String],
        _ environment: [String: String],
        shell: String? = nil
    ) throws {
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        self.events = events
        self.iterator = events.makeAsyncIterator()
        let runtime = try Self.executable
        self.process.executableURL = shell == nil ? runtime : URL(fileURLWithPath: "/bin/sh")
        self.process.arguments = shell.map { ["-c", $0, runtime.path] + arguments } ?? arguments
        self.process.environment = environment
        self.process.standardInput = FileHandle.nullDevice
        self.process.terminationHandler = { continuation.yield(.exited($0.terminationStatus)) }
        try Self.spawning.withLock { _ in
            self.process.standardOutput = Self.pipe(continuation, isError: false)
            self.process.standardError = Self.pipe(continuation, isError: true)
            try self.process.run()
        }
    }

    /// Serializes starts: a child that inherits another one's pipes would keep them open.
    private static let spawning = Mutex(())

    /// A pipe read by a thread of its own: Foundation's `readabilityHandler` may miss the end.
    private static func pipe(
        _ continuation: AsyncStream<Event>.Continuation,
        isError: Bool
    ) -> Pipe {
        let pipe = Pipe()
        let handle = pipe.fileHandleForReading
        Thread.detachNewThread {
            while true {
                let data = handle.availableData
                continuation.yield(.wrote(data, isError: isError))
                if data.isEmpty { return }
            }
        }
        return pipe
    }

    /// Waits for a whole line that contains `text`, in either stream.
    func line(with text: String) async throws -> String {
        while true {
            if let line = Self.line(with: text, in: self.output) { return line }
            if let line = Self.line(with: text, in: self.errors) { return line }
            guard await self.takeEvent() else {
                throw Failure.neverSaid(line: text, output: self.output + self.errors)
            }
        }
    }

    /// Waits for `text host:port` and returns the port.
    func port(after text: String) async throws -> Int {
        let line = try await self.line(with: "\(text) on ")
        guard let colon = line.lastIndex(of: ":"),
            let port = Int(line[line.index(after: colon)...])
        else { throw Failure.noPort(line: line) }
        return port
    }

    /// Waits for the exit and for all output before it.
    func exitCode() async throws -> Int32 {
        while self.status == nil || self.openPipes > 0 {
            guard await self.takeEvent() else {
                throw Failure.neverExited(output: self.output + self.errors)
            }
        }
        return self.status ?? -1
    }

    /// Sends SIGTERM.
    func terminate() { self.process.terminate() }

    /// Sends a signal.
    func send(_ signal: Int32) { Foundation.kill(self.process.processIdentifier, signal) }

    /// Kills the process, unless it has ended.
    func kill() {
        if self.process.isRunning { Foundation.kill(self.process.processIdentifier, SIGKILL) }
    }

    /// Handles the next event; returns false if there will be none.
    private func takeEvent() async -> Bool {
        guard self.status == nil || self.openPipes > 0 else { return false }
        switch await self.iterator.next(isolation: nil) {
        case .wrote(let data, _) where data.isEmpty: self.openPipes -= 1
        case .wrote(let data, isError: true): self.errors += String(decoding: data, as: UTF8.self)
        case .wrote(let data, isError: false): self.output += String(decoding: data, as: UTF8.self)
        case .exited(let status): self.status = status
        case nil: return false
        }
        return true
    }

    private static func line(with text: String, in output: String) -> String? {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        return lines.first { $0.contains(text) }.map(String.init)
    }

    /// The `runtime` executable, beside the test bundle that depends on it.
    private static var executable: URL {
        get throws {
            let bundles = [Bundle.main] + Bundle.allBundles
            let folders = bundles.flatMap { bundle in
                [bundle.bundleURL, bundle.bundleURL.deletingLastPathComponent()]
            }
            let found = folders.map { $0.appending(path: "runtime") }
                .first { FileManager.default.isExecutableFile(atPath: $0.path) }
            return try #require(found, "no runtime beside \(folders.map(\.path))")
        }
    }
}

/// Runs `body` with a `runtime` process and kills the process afterwards.
func withRuntime<Result>(
    _ arguments: [String],
    _ environment: [String: String] = [:],
    shell: String? = nil,
    _ body: (RuntimeProcess) async throws -> Result
) async throws -> Result {
    let process = try RuntimeProcess(arguments, environment, shell: shell)
    defer { process.kill() }
    return try await body(process)
}

/// The exit code and output of a `runtime` that ended by itself.
struct Ending {
    let code: Int32
    let output: String
    let errors: String

    /// Runs `runtime` to its end.
    static func of(
        _ arguments: String...,
        environment: [String: String] = [:]
    ) async throws -> Ending {
        try await Self.of(all: arguments, environment: environment)
    }

    /// Runs `runtime` to its end.
    static func of(
        all arguments: [String],
        environment: [String: String] = [:],
        shell: String? = nil
    ) async throws -> Ending {
        try await withRuntime(arguments, environment, shell: shell) { process in
            let code = try await process.exitCode()
            return Ending(code: code, output: process.output, errors: process.errors)
        }
    }
}

/// The environment of a process with a secret and free ports.
enum Deployment {
    static let secret = "k7Qz2vN9xR4tB8wL1mJ6pD3sF5gH0yCa"

    static let environment = [
        "JWT_SECRET_KEY": secret, "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": "0",
        "PAYMENT_SERVICE_HOST": "127.0.0.1", "PAYMENT_SERVICE_PORT": "0",
        "PAYMENT_HEALTH_PORT": "0", "ADMIN_PORT": "off", "LEDGER_SERVICE_HOST": "127.0.0.1",
        "LEDGER_SERVICE_PORT": "0", "LEDGER_HEALTH_PORT": "0",
        "REFUND_SERVICE_HOST": "127.0.0.1", "REFUND_SERVICE_PORT": "0",
        "REFUND_HEALTH_PORT": "0", "LEDGER_DATA": "temporary",
    ]

    /// The environment with `changes`.
    static func with(_ changes: [String: String]) -> [String: String] {
        Self.environment.merging(changes) { _, changed in changed }
    }
}
