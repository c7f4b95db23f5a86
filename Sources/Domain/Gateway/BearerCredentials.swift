/// The bearer token of a request (RFC 6750 § 2.1).
enum BearerCredentials {
    /// The token in the values of the `Authorization` header.
    ///
    /// No header, or one of another scheme, is missing credentials; two headers, or a token with
    /// spaces, are an invalid token.
    static func token(in headers: [String]) throws(Problem) -> String {
        guard headers.count <= 1 else { throw .invalidToken }
        let parts = (headers.first ?? "").split(separator: " ", maxSplits: 1)
        guard let scheme = parts.first, scheme.lowercased() == "bearer" else {
            throw .missingCredentials
        }
        let token = parts.count == 2 ? parts[1].drop { $0 == " " } : ""
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalidToken
        }
        return String(token)
    }
}
