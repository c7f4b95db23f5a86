internal import COpenSSL

/// The owner of an `EVP_MD_CTX`, for one signature.
@safe
struct DigestContext: ~Copyable {
    let pointer: OpaquePointer

    static func open() throws(CryptoError) -> DigestContext {
        ERR_clear_error()
        guard let pointer = unsafe EVP_MD_CTX_new() else { throw .last(in: "EVP_MD_CTX_new") }
        return unsafe DigestContext(pointer: pointer)
    }

    deinit {
        unsafe EVP_MD_CTX_free(pointer)
    }
}
