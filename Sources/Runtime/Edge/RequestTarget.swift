/// The target of a request, in origin-form or absolute-form (RFC 9112 § 3.2).
struct RequestTarget: Hashable {
    /// The path, percent-decoded segment by segment.
    let path: String

    /// The path as sent, without the query: printable ASCII, safe to log.
    let rawPath: String

    /// The bytes after `?`, still encoded; empty if there are none.
    let query: [UInt8]

    /// - Throws: ``EdgeFailure/malformedTarget(_:)``.
    init(_ text: String) throws(EdgeFailure) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw .malformedTarget("The target has bytes that no target may have.")
        }
        let target = Self.originForm(text[...])
        guard target.first == "/" || text == "*" else {
            throw .malformedTarget("The target is neither a path nor an http URI.")
        }
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.rawPath = String(halves[0])
        self.query = halves.count > 1 ? Array(halves[1].utf8) : []
        self.path = try Self.decodedPath(halves[0])
    }

    /// The path of a possibly malformed target, for an error: without query, at most 256 printable
    /// characters.
    static func shownPath(_ text: String?) -> String {
        let path = (text ?? "/").utf8.prefix { $0 != UInt8(ascii: "?") }
        return String(decoding: path.filter { $0 > 0x20 && $0 < 0x7F }.prefix(256), as: UTF8.self)
    }

    /// An absolute-form target without scheme and authority; other targets unchanged.
    private static func originForm(_ text: Substring) -> Substring {
        for scheme in ["http://", "https://"]
        where text.prefix(scheme.count).lowercased() == scheme {
            let rest = text.dropFirst(scheme.count)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            let target = rest.dropFirst(authority.count)
            guard !authority.isEmpty else { return "" }
            return target.first == "/" ? target : "/" + target
        }
        return text
    }

    /// Decodes the segments.
    ///
    /// Refuses a decoded slash or control character: after joining, a decoded slash would look like
    /// a separator.
    private static func decodedPath(_ path: Substring) throws(EdgeFailure) -> String {
        let decoding = PercentDecoding(plusIsSpace: false)
        var segments: [String] = []
        for segment in path.split(separator: "/", omittingEmptySubsequences: false) {
            do throws(PercentDecoding.Failure) {
                segments.append(try decoding.decode(Array(segment.utf8)))
            } catch {
                throw .malformedTarget("The path has \(error.reason) of a segment.")
            }
        }
        let hasOddity = segments.contains { segment in
            segment.utf8.contains { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "/") }
        }
        guard !hasOddity else {
            throw .malformedTarget("The path has an encoded slash or control character.")
        }
        return segments.joined(separator: "/")
    }
}
