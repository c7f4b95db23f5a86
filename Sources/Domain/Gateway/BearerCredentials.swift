/// The bearer token of a request (RFC 6750 § 2.1).
enum BearerCredentials {
    /// Returns the token from the values of the `Authorization` header.
    ///
    /// - Throws: `missingCredentials` for no header or another scheme, `invalidToken` for two
    ///   headers or a token with spaces.
    static func token(in headers: [String]) throws(Problem) -> String {
        guard headers.count <= 1 else { throw .invalidToken }
        let header = headers.first?.utf8 ?? "".utf8
        let space = UInt8(ascii: " ")
        let offered = header.drop { $0 == space }
        let scheme = offered.prefix { $0 != space }
        guard scheme.elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }) else {
            throw .missingCredentials
        }
        let token = offered[scheme.endIndex...].drop { $0 == space }
        guard !token.isEmpty, token.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalidToken
        }
        return String(Substring(token))
    }
}
