internal import COpenSSL

/// A failed call to OpenSSL, for example for want of memory or a missing provider.
///
/// It never means that a signature is wrong: it is our error, not the peer's.
public struct CryptoError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The OpenSSL function.
    public let function: String

    /// OpenSSL's packed error code; zero when it set none.
    public let code: UInt

    /// The function and its code, as for `openssl errstr`.
    public var description: String { "\(function) failed, error:\(String(code, radix: 16))" }
}

extension CryptoError {
    /// Reads the newest entry of this thread's error queue.
    static func last(in function: StaticString) -> CryptoError {
        CryptoError(function: function.description, code: ERR_peek_last_error())
    }

    /// Clears the error queue and makes a call; throws unless it returns 1.
    static func check(_ function: StaticString, _ call: () -> Int32) throws(CryptoError) {
        ERR_clear_error()
        guard call() == 1 else { throw last(in: function) }
    }
}
