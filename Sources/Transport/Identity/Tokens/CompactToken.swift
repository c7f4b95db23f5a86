/// A JWS in compact form (RFC 7515 § 7.1), parsed but not verified.
///
/// It keeps the text because the signature covers it. The payload stays encoded until the signature
/// is verified.
struct CompactToken {
    static let bytesMax = 4096

    let header: TokenHeader
    let signature: [UInt8]
    let hasKnownHeader: Bool

    private let text: [UInt8]
    private let payloadStart: Int
    private let payloadEnd: Int

    /// Parses a token; a header equal to `known` is not decoded again.
    init(_ text: [UInt8], known: KnownHeader? = nil) throws(TokenError) {
        guard text.count <= Self.bytesMax else { throw .tooLong(bytes: text.count) }
        let dot = UInt8(ascii: ".")
        guard let first = text.firstIndex(of: dot), let last = text.lastIndex(of: dot),
            first < last, !text[(first + 1)..<last].contains(dot)
        else { throw .notThreeParts }
        if let known, known.text == text[..<first] {
            (header, hasKnownHeader) = (known.header, true)
        } else {
            header = try TokenHeader(try Self.decode(text[..<first], .header))
            hasKnownHeader = false
        }
        signature = try Self.decode(text[(last + 1)...], .signature)
        guard first + 1 < last else { throw .partEmpty(.payload) }
        (payloadStart, payloadEnd) = (first + 1, last)
        self.text = text
    }

    /// The signed bytes.
    var signingInput: ArraySlice<UInt8> { text[..<payloadEnd] }

    /// The header with its text, to be recognised in later tokens.
    var knownHeader: KnownHeader { KnownHeader(text: text[..<(payloadStart - 1)], header: header) }

    /// Decodes the payload; verify the signature first.
    func payload() throws(TokenError) -> [UInt8] {
        try Self.decode(text[payloadStart..<payloadEnd], .payload)
    }

    private static func decode(
        _ text: ArraySlice<UInt8>,
        _ part: TokenError.Part
    ) throws(TokenError) -> [UInt8] {
        guard !text.isEmpty else { throw .partEmpty(part) }
        guard let bytes = Base64URL.decode(text) else { throw .partNotBase64URL(part) }
        return bytes
    }
}
