/// What travels with a request but is not part of what it asks.
package struct EdgeContext: Hashable, Sendable {
    /// Taken from `X-Request-Id` if that is well formed, else made by the edge.
    package let requestID: String

    /// The W3C trace context of the caller, if it sent a well-formed one.
    package let traceparent: String?

    /// The id of the trace that the request is part of, which may begin here.
    package let traceID: String?

    init(requestID: String, traceparent: String?, makeTraceID: () -> String?) {
        self.requestID = requestID
        self.traceparent = traceparent
        self.traceID = traceparent.map { String($0.dropFirst(3).prefix(32)) } ?? makeTraceID()
    }
}

enum RequestIDSyntax {
    static let lengthMax = 64

    /// Whether `text` matches `[A-Za-z0-9._-]{1,64}`.
    static func accepts(_ text: String) -> Bool {
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

/// The syntax of `traceparent` (W3C Trace Context § 3.2).
enum TraceParentSyntax {
    /// `version "-" trace-id "-" parent-id "-" trace-flags`.
    private static let versionZeroLength = 55

    /// Whether `text` is well formed.
    ///
    /// A version above 00 may carry more after a further dash.
    static func accepts(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].count == 2, parts[1].count == 32, parts[2].count == 16,
            parts[3].count == 2, parts.prefix(4).allSatisfy({ $0.allSatisfy(Self.isLowerHex) })
        else { return false }
        let isVersionZero = parts[0].elementsEqual("00".utf8)
        return !parts[0].elementsEqual("ff".utf8)
            && (!isVersionZero || text.utf8.count == Self.versionZeroLength)
            && Self.isNonzero(parts[1]) && Self.isNonzero(parts[2])
    }

    private static func isNonzero(_ digits: Substring.UTF8View) -> Bool {
        digits.contains { $0 != UInt8(ascii: "0") }
    }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }
}
