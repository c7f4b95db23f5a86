internal import COpenSSL
internal import Synchronization

/// An HMAC-SHA256 key for many threads; its lock is held while one tag is computed.
final class HMACKey: Sendable {
    private let context: Mutex<HMACContext>

    init(_ key: [UInt8]) throws(CryptoError) {
        context = Mutex(try HMACContext.open(key: key))
    }

    /// Returns the 32 bytes of HMAC-SHA256 over `message`.
    func tag(of message: ArraySlice<UInt8>) throws(CryptoError) -> [UInt8] {
        try context.withLock { context throws(CryptoError) in try context.tag(of: message) }
    }

    /// Compares `tag` with that of `message`, in constant time.
    func accepts(_ tag: [UInt8], of message: ArraySlice<UInt8>) throws(CryptoError) -> Bool {
        let own = try self.tag(of: message)
        guard tag.count == own.count else { return false }
        return unsafe CRYPTO_memcmp(own, tag, own.count) == 0
    }
}
