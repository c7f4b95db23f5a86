internal import COpenSSL

/// The owner of an `EVP_PKEY` that signs with Ed25519 (RFC 8032), which needs no randomness.
@safe
final class PrivateKey: @unchecked Sendable {  // an EVP_PKEY is only read once it is made
    static let seedBytes = 32
    private static let publicBytes = 32
    private static let signatureBytes = 64

    private let key: OpaquePointer

    /// Creates a key from the 32 bytes that RFC 8032 calls the private key.
    init(ed25519 seed: [UInt8]) throws(CryptoError) {
        precondition(seed.count == Self.seedBytes, "a seed of Ed25519 has 32 bytes")
        ERR_clear_error()
        let key = unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
        guard let key = unsafe key else { throw .last(in: "EVP_PKEY_new_raw_private_key") }
        unsafe self.key = key
    }

    deinit {
        unsafe EVP_PKEY_free(key)
    }

    /// The 32 bytes of the public key, as in a JWKS (RFC 8037 § 2).
    func publicKey() throws(CryptoError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.publicBytes)
        var count = bytes.count
        try CryptoError.check("EVP_PKEY_get_raw_public_key") {
            unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &count)
        }
        return bytes
    }

    /// Signs `message`; returns 64 bytes.
    func signature(of message: ArraySlice<UInt8>) throws(CryptoError) -> [UInt8] {
        let context = try DigestContext.open()
        try CryptoError.check("EVP_DigestSignInit") {
            unsafe EVP_DigestSignInit(context.pointer, nil, nil, nil, key)
        }
        var bytes = [UInt8](repeating: 0, count: Self.signatureBytes)
        var count = bytes.count
        try CryptoError.check("EVP_DigestSign") {
            unsafe message.withUnsafeBufferPointer { message in
                unsafe EVP_DigestSign(
                    context.pointer,
                    &bytes,
                    &count,
                    message.baseAddress,
                    message.count
                )
            }
        }
        return bytes
    }
}
