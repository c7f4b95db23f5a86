internal import COpenSSL

/// A call to OpenSSL that failed for a reason of its own: memory, or a provider that is missing.
///
/// It never means that a signature is wrong. It is ours to report, and not the peer's fault.
public struct CryptoError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The OpenSSL function.
    public let function: String

    /// OpenSSL's packed error code; zero when it left none.
    public let code: UInt

    /// The function and its code, for `openssl errstr`.
    public var description: String { "\(function) failed, error:\(String(code, radix: 16))" }
}

extension CryptoError {
    /// Takes the newest entry of this thread's error queue.
    static func last(in function: StaticString) -> CryptoError {
        CryptoError(function: function.description, code: ERR_peek_last_error())
    }

    /// Clears the queue, makes a call that answers 1 for success, and throws on any other answer.
    static func check(_ function: StaticString, _ call: () -> Int32) throws(CryptoError) {
        ERR_clear_error()
        guard call() == 1 else { throw last(in: function) }
    }
}
