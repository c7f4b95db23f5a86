import Identity
import Testing

@Suite("base64url")
struct Base64URLTests {
    @Test(
        "RFC 4648's examples encode and decode, without padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
        ]
    )
    func examples(plain: String, encoded: String) {
        #expect(Base64URL.text(Array(plain.utf8)) == encoded)
        #expect(Base64URL.decode(encoded) == Array(plain.utf8))
    }

    @Test("every byte in every place survives a round trip")
    func roundTrips() {
        for count in 0..<9 {
            for byte in UInt8.min...UInt8.max {
                let bytes = [UInt8](repeating: byte, count: count)
                #expect(Base64URL.decode(Base64URL.encode(bytes)[...]) == bytes)
            }
        }
    }

    @Test(
        "padding, foreign letters, impossible lengths and unused bits are refused",
        arguments: [
            "Zg==", "Zg=", "Zm8=", "Zm9v=", "=", "A", "AAAAA", "Zh", "Zm9", "Zm9vZh", "Zm9vZm9",
            "Zm+v", "Zm/v", "Zm v", "Zm9v\n", " Zm9v", "Zm9\0", "Zmé", "Zm9v.", "Zg%3D",
        ]
    )
    func refuses(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test("of all texts of two letters, one in sixteen is canonical; of three, one in four")
    func countsCanonicalTexts() {
        let letters = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
        )
        let twos = letters.filter { Base64URL.decode([65, $0]) != nil }
        let threes = letters.filter { Base64URL.decode([65, 65, $0]) != nil }
        #expect(twos.count == 4)
        #expect(threes.count == 16)
    }
}
