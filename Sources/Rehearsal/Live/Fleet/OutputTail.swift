import Synchronization

/// The last words of a process, as many as its bound allows.
final class OutputTail: Sendable {
    static let bytesMax = 32_768

    private let bytes = Mutex<[UInt8]>([])

    /// Takes what the process has just said.
    func append(_ more: some Sequence<UInt8>) {
        self.bytes.withLock { bytes in
            bytes += more
            if bytes.count > Self.bytesMax { bytes.removeFirst(bytes.count - Self.bytesMax) }
        }
    }

    /// The last `count` bytes of it.
    func text(_ count: Int = 2_000) -> String {
        self.bytes.withLock { String(decoding: $0.suffix(count), as: UTF8.self) }
    }
}
