import Testing

@testable import GRPCTransport

@Suite("Percent encoding of grpc-message")
struct PercentEncodingTests {
    @Test(
        "everything but printable ASCII is escaped, and the percent sign",
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
        "an escape that is none stays as it is",
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

    @Test("bytes that are no UTF-8 are replaced, not lost")
    func badUTF8() {
        #expect(PercentEncoding.decode(Array("a%FFb".utf8)[...]) == "a\u{FFFD}b")
    }

    @Test("a message is cut where the block would get too large, never inside an escape")
    func cut() {
        let wire = PercentEncoding.encode(String(repeating: "é", count: 10_000))
        #expect(wire.count <= PercentEncoding.encodedMax)
        #expect(wire.count.isMultiple(of: 3))
        let plain = PercentEncoding.encode(String(repeating: "x", count: 10_000))
        #expect(plain.count > PercentEncoding.encodedMax - 3)
    }
}
