import Synchronization

/// A digest that records its inputs.
final class BytesSeen: Sendable {
    private let seen = Mutex<[[UInt8]]>([])

    var all: [[UInt8]] { self.seen.withLock { $0 } }

    func note(_ bytes: [UInt8]) -> [UInt8] {
        self.seen.withLock { $0.append(bytes) }
        return toyDigest(bytes)
    }
}
