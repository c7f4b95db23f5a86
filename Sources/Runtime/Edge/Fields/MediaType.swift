/// The body formats that the edge reads (RFC 9110 § 8.3.1).
enum MediaType: Hashable {
    case json
    case form

    /// Nil for any other type, and for parameters other than `charset=utf-8`.
    init?(contentType: String) {
        let parts = contentType.split(separator: ";", omittingEmptySubsequences: false)
            .map { $0.trimmedOfBlanks().lowercased() }
        guard parts.dropFirst().allSatisfy({ $0.isEmpty || Self.isUTF8($0) }) else { return nil }
        switch parts.first {
        case "application/json": self = .json
        case "application/x-www-form-urlencoded": self = .form
        default: return nil
        }
    }

    private static func isUTF8(_ parameter: String) -> Bool {
        parameter == "charset=utf-8" || parameter == "charset=\"utf-8\""
    }
}

extension Substring {
    func trimmedOfBlanks() -> Substring {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var trimmed = self.drop(while: isBlank)
        while let last = trimmed.last, isBlank(last) { trimmed.removeLast() }
        return trimmed
    }
}
