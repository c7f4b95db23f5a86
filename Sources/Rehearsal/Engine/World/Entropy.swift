package import Simulation
import Synchronization

/// Random bytes that follow from the seed.
package final class Entropy: Sendable {
    private let stream: Mutex<RandomStream>

    /// Bytes that are drawn from `stream`.
    package init(_ stream: RandomStream) { self.stream = Mutex(stream) }

    /// The next `count` bytes.
    package func bytes(_ count: Int) -> [UInt8] {
        self.stream.withLock { stream in
            (0..<count).map { _ in UInt8(truncatingIfNeeded: stream.next() >> 32) }
        }
    }
}
