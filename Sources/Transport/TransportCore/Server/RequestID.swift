/// The syntax of request ids, in `X-Request-Id` as in `x-request-id`: safe in a log.
package enum RequestID {
    package static let lengthMax = 64

    /// True if `text` matches `[A-Za-z0-9._-]{1,64}`.
    package static func accepts(_ text: String) -> Bool {
        (1...Self.lengthMax).contains(text.utf8.count) && text.utf8.allSatisfy(Self.isAllowed)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default:
            false
        }
    }
}
