internal import COpenSSL

/// The owner of an `EVP_PKEY` that verifies signatures.
@safe
final class PublicKey: @unchecked Sendable {  // an EVP_PKEY is only read once it is made
    private let key: OpaquePointer

    /// Reads a SubjectPublicKeyInfo (RFC 5280 § 4.1.2.7); nil when it is not a key.
    init?(subjectPublicKeyInfo der: [UInt8]) {
        ERR_clear_error()
        let key = unsafe der.withUnsafeBufferPointer { bytes in
            var position = bytes.baseAddress
            return unsafe d2i_PUBKEY(nil, &position, bytes.count)
        }
        guard let key = unsafe key else { return nil }
        unsafe self.key = key
    }

    deinit {
        unsafe EVP_PKEY_free(key)
    }

    /// The bits of an RSA key; nil for any other key.
    var rsaBits: Int? {
        let isRSA =
            unsafe EVP_PKEY_is_a(key, "RSA") == 1 || EVP_PKEY_is_a(key, "RSA-PSS") == 1
        return isRSA ? Int(unsafe EVP_PKEY_get_bits(key)) : nil
    }

    /// Checks that the numbers form a valid key: a point on its curve, a sound modulus.
    func isSound() -> Bool {
        ERR_clear_error()
        guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else { return false }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        return unsafe EVP_PKEY_public_check(context) == 1
    }

    /// Verifies `signature`; `digest` is nil for Ed25519, which has its own.
    ///
    /// `EVP_DigestVerify` returns 1 for a valid signature, 0 for an invalid one, and less than 0
    /// for an error, "for example an invalid signature form". Anything but 1 is a refusal.
    func accepts(
        _ signature: [UInt8],
        of message: ArraySlice<UInt8>,
        digest: Digest?
    ) throws(CryptoError) -> Bool {
        let context = try DigestContext.open()
        try CryptoError.check("EVP_DigestVerifyInit") {
            unsafe EVP_DigestVerifyInit(context.pointer, nil, digest?.pointer, nil, key)
        }
        ERR_clear_error()
        let answer = unsafe message.withUnsafeBufferPointer { bytes in
            unsafe EVP_DigestVerify(
                context.pointer,
                signature,
                signature.count,
                bytes.baseAddress,
                bytes.count
            )
        }
        ERR_clear_error()
        return answer == 1
    }
}
