internal import Dispatch
internal import Synchronization

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The signals that end a command: SIGINT, SIGTERM and, unless ignored at start as by `nohup`,
/// SIGHUP.
///
/// Installed on first use and handled on a thread of their own, even if all others are busy. A
/// second signal, or one without a handler, exits the process at once with 128 plus its number, as
/// in a shell.
package final class Interruption: Sendable {
    package static let shared = Interruption()

    private static let queue = DispatchQueue(label: "florin.signals")

    private struct State {
        var first: Int32?
        var answer: (@Sendable (Int32) -> Void)?
    }

    private let state = Mutex(State())
    private let sources = Mutex<[any DispatchSourceSignal]>([])

    private init() {
        for signal in [SIGINT, SIGTERM] + (HangUp.isIgnored ? [] : [SIGHUP]) {
            self.listen(to: signal)
        }
    }

    /// The exit code for the first signal; nil if there was none.
    package var exitCode: Int32? { self.state.withLock { $0.first }.map(Self.exitCode) }

    /// Runs `work` in a task that the first signal cancels.
    package func cancelling<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await work() }
        self.set { _ in task.cancel() }
        defer { self.set(nil) }
        return try await task.value
    }

    /// Runs blocking `work`; a signal calls `leave` and then exits the process at once.
    package func ending<Value>(
        _ work: () async throws -> Value,
        leave: @escaping @Sendable () -> Void = {}
    ) async rethrows -> Value {
        self.set { signal in
            leave()
            _exit(Self.exitCode(signal))
        }
        defer { self.set(nil) }
        return try await work()
    }

    private func set(_ answer: (@Sendable (Int32) -> Void)?) {
        self.state.withLock { $0.answer = answer }
    }

    private func listen(to signal: Int32) {
        self.sources.withLock { sources in
            let source = DispatchSource.makeSignalSource(signal: signal, queue: Self.queue)
            source.setEventHandler { self.heard(signal) }
            source.resume()
            sources.append(source)
        }
    }

    private func heard(_ signal: Int32) {
        let answer = self.state.withLock { state in
            state.first = state.first ?? signal
            return state.answer.take()
        }
        guard let answer else { _exit(Self.exitCode(signal)) }
        answer(signal)
    }

    private static func exitCode(_ signal: Int32) -> Int32 { 128 + signal }
}
