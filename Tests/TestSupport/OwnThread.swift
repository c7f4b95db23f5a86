import Foundation

/// Runs blocking work, such as a simulation, on a thread of its own.
///
/// Swift's concurrency has as many threads as processors; tests of other processes would starve
/// while simulations hold them.
package enum OwnThread {
    /// Runs `body` and returns its value.
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
