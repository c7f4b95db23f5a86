/// A JWS in its compact form (RFC 7515 § 7.1), taken apart and not believed.
///
/// The signature covers the text as it came, so the text is kept; the payload stays encoded until
/// somebody has authenticated it.
struct CompactToken {
    static let bytesMax = 4096

    let header: TokenHeader
    let signature: [UInt8]
    let hasKnownHeader: Bool

    private let text: [UInt8]
    private let payloadStart: Int
    private let payloadEnd: Int

    /// Takes a token apart; a header that was read before need not be read again.
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

    /// What the signature is over.
    var signingInput: ArraySlice<UInt8> { text[..<payloadEnd] }

    /// The header with its text, to be recognised in the next token.
    var knownHeader: KnownHeader { KnownHeader(text: text[..<(payloadStart - 1)], header: header) }

    /// Decodes the payload; authenticate first.
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
