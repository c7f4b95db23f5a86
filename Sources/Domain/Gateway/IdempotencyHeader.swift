/// The parsed `Idempotency-Key` header.
///
/// The value is bare or a quoted string (RFC 8941 § 3.3.3); both forms name the same key.
enum IdempotencyHeader: Hashable, Sendable {
    case absent
    case key(IdempotencyKey)
    case invalid(FieldViolation)

    init(_ headers: [String]) {
        guard let header = headers.first else {
            self = .absent
            return
        }
        guard headers.count == 1 else {
            self = .invalid(FieldViolation(Self.name, "must be given once"))
            return
        }
        if let text = Self.unquoted(header), let key = try? IdempotencyKey(text) {
            self = .key(key)
        } else {
            let requirement = IdempotencyKeyField.rule.requirement + ", bare or quoted"
            self = .invalid(FieldViolation(Self.name, requirement))
        }
    }

    var key: IdempotencyKey? {
        guard case .key(let key) = self else { return nil }
        return key
    }

    private static let name = "Idempotency-Key"

    /// The unquoted text, or the text itself without quotes; nil if the quoting is malformed.
    private static func unquoted(_ header: String) -> String? {
        guard header.utf8.first == UInt8(ascii: "\"") else { return header }
        guard header.utf8.count >= 2, header.utf8.last == UInt8(ascii: "\"") else { return nil }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in header.utf8.dropFirst().dropLast() {
            let isSpecial = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
            guard isSpecial || !isEscaped else { return nil }
            if isEscaped || !isSpecial {
                bytes.append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                return nil
            }
        }
        return isEscaped ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
