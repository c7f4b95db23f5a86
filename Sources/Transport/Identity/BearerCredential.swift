/// The token of an `Authorization: Bearer …` header (RFC 6750 § 2.1).
public struct BearerCredential: Sendable, Equatable {
    /// The reason why a request has no usable bearer token; `missing` means that none was sent.
    public enum Refusal: Error, Sendable, Hashable {
        case missing
        case repeated
        case foreignScheme
        case malformed
    }

    /// The token as sent: RFC 6750's `b64token`.
    public let token: String

    /// Reads the values of all `Authorization` headers of a request.
    ///
    /// Two headers are refused even when they are equal: a proxy may have read the other one.
    public init(authorization values: [String]) throws(Refusal) {
        guard let value = values.first else { throw .missing }
        guard values.count == 1 else { throw .repeated }
        let bytes = Array(value.utf8)
        let scheme = bytes.prefix { $0 != UInt8(ascii: " ") }
        guard Self.isBearer(scheme) else { throw .foreignScheme }
        let token = bytes[scheme.endIndex...].drop { $0 == UInt8(ascii: " ") }
        guard Self.isToken(token) else { throw .malformed }
        self.token = String(decoding: token, as: UTF8.self)
    }

    private static func isBearer(_ scheme: ArraySlice<UInt8>) -> Bool {
        scheme.elementsEqual("bearer".utf8) { $0 | 0x20 == $1 }
    }

    /// Matches RFC 6750's `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
    private static func isToken(_ text: ArraySlice<UInt8>) -> Bool {
        let body = text.prefix { $0 != UInt8(ascii: "=") }
        return !body.isEmpty && body.allSatisfy(isTokenByte)
            && text[body.endIndex...].allSatisfy { $0 == UInt8(ascii: "=") }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
