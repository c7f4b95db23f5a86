import Domain
import Identity
import Synchronization

extension IDDerivation {
    /// Ids that ignore one part of the input: 1 is the subject, 3 the key.
    static func forgetting(part: Int) -> IDDerivation {
        IDDerivation { bytes in
            var parts = Self.parts(of: bytes)
            if parts.indices.contains(part) { parts.remove(at: part) }
            return SHA256Digest.digest(Array(parts.joined()))
        }
    }

    /// Ids that differ each time.
    static func counting() -> IDDerivation {
        let counter = Counter()
        return IDDerivation { bytes in
            SHA256Digest.digest(bytes + "\(counter.next())".utf8)
        }
    }

    private final class Counter: Sendable {
        private let state = Mutex(0)

        func next() -> Int {
            self.state.withLock { count in
                count += 1
                return count
            }
        }
    }

    /// The parts of the input; each stands after its length in four bytes.
    private static func parts(of bytes: [UInt8]) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var rest = bytes[...]
        while rest.count >= 4 {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            parts.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return parts
    }
}
