import Foundation

/// Runs what blocks, such as a simulation, on a thread that nobody else needs.
///
/// The threads of Swift's concurrency are as many as processors: tests that talk to other processes
/// starve while simulations hold them.
package enum OwnThread {
    /// Returns what `body` returns.
    package static func run<Value: Sendable>(
        _ body: @escaping @Sendable () -> Value
    ) async -> Value {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: body()) }
            thread.stackSize = 16 << 20
            thread.start()
        }
    }
}
