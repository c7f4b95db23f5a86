internal import COpenSSL

/// The one owner of SHA-256 as fetched from the provider: fetching anew costs as much as hashing.
@safe
final class Digest: @unchecked Sendable {  // EVP_MD never changes after the fetch
    /// SHA-256; a build of OpenSSL without it cannot run this program.
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
