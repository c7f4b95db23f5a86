import Testing

@testable import GRPCTransport

@Suite("Percent encoding of grpc-message")
struct PercentEncodingTests {
    @Test(
        "the percent sign and all but printable ASCII are escaped",
        arguments: [
            ("plain text", "plain text"), ("100%", "100%25"), ("a\r\nb", "a%0D%0Ab"),
            ("é", "%C3%A9"), ("\u{1F4B6}", "%F0%9F%92%B6"), ("~ }", "~ }"), ("\u{7F}\0", "%7F%00"),
        ]
    )
    func escapes(text: String, wire: String) {
        #expect(PercentEncoding.encode(text) == Array(wire.utf8))
        #expect(PercentEncoding.decode(Array(wire.utf8)[...]) == text)
    }

    @Test(
        "an invalid escape stays as it is",
        arguments: [
            ("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%%41", "%A"), ("%4G%41", "%4GA"),
            ("a%", "a%"),
        ]
    )
    func badEscapes(wire: String, text: String) {
        #expect(PercentEncoding.decode(Array(wire.utf8)[...]) == text)
    }

    @Test("lower-case digits are read, too")
    func lowerCase() {
        #expect(PercentEncoding.decode(Array("%c3%a9".utf8)[...]) == "é")
    }

    @Test("invalid UTF-8 is replaced, not lost")
    func badUTF8() {
        #expect(PercentEncoding.decode(Array("a%FFb".utf8)[...]) == "a\u{FFFD}b")
    }

    @Test("a message too long for its block is cut, never inside an escape")
    func cut() {
        let wire = PercentEncoding.encode(String(repeating: "é", count: 10_000))
        #expect(wire.count <= PercentEncoding.encodedMax)
        #expect(wire.count.isMultiple(of: 3))
        let plain = PercentEncoding.encode(String(repeating: "x", count: 10_000))
        #expect(plain.count > PercentEncoding.encodedMax - 3)
    }
}
