import Testing
import TransportCore

@Suite("base64")
struct Base64Tests {
    /// The vectors of RFC 4648 § 10, without padding.
    private static let vectors: [(String, String)] = [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
    ]

    @Test("the vectors of RFC 4648 are written without padding", arguments: vectors)
    func encodes(_ plain: String, _ text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
    }

    @Test("the vectors of RFC 4648 are read without and with padding", arguments: vectors)
    func decodes(_ plain: String, _ text: String) {
        let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        #expect(Base64.decode(text) == Array(plain.utf8))
        #expect(Base64.decode(padded) == Array(plain.utf8))
    }

    @Test("every byte survives a round trip, whatever its neighbours", arguments: 0..<4)
    func roundTrips(_ offset: Int) {
        let bytes = [UInt8](repeating: 0xFF, count: offset) + Array(0...255)
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }

    @Test("the alphabet is the standard one")
    func alphabet() {
        #expect(Base64.encode([0xFB, 0xEF, 0xFF]) == "++//")
        #expect(Base64.decode("--__") == nil)
    }

    @Test("unused bits of the last character are ignored")
    func unusedBits() {
        #expect(Base64.decode("Zh") == Base64.decode("Zg"))
    }

    @Test(
        "invalid base64 is nil",
        arguments: [
            "A", "AAAAA", "AAA=A", "=", "==", "====", "A===", "AA=", "AAAA====", "AA AA", "AA\nAA",
            "AAé", "AA,A", "Zg=\u{0}", "=AAA",
        ]
    )
    func invalid(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
