internal import COpenSSL

/// The owner of SHA-256, fetched once: fetching costs as much as hashing.
@safe
final class Digest: @unchecked Sendable {  // EVP_MD never changes after the fetch
    /// The digest; without it in OpenSSL the program cannot run.
    static let sha256 = Digest()

    let pointer: OpaquePointer

    private init() {
        guard let pointer = unsafe EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("OpenSSL's default provider has no SHA-256")
        }
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe EVP_MD_free(pointer)
    }
}
