import StrictJSON
import Testing

@Suite("reading JSON")
struct JSONReaderTests {
    private let limits = JSONLimits(bytesMax: 1 << 20)

    private func read(_ text: String) throws(JSONError) -> JSONValue {
        try JSONReader.read(Array(text.utf8), limits: limits)
    }

    @Test(
        "a text that RFC 8259 allows is read",
        arguments: [
            ("null", .null), ("true", true), (" false\n", false), ("0", 0), ("-0", number("-0")),
            ("123", 123), ("-1.5e+3", number("-1.5e+3")), ("1E-2", number("1E-2")), ("\"\"", ""),
            ("\"a/b\"", "a/b"), ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{c}\n\r\t"),
            ("\"\\u0041\\u00e9\\u20AC\"", "Aé€"), ("\"\\u0000\"", "\0"),
            ("\"\\ud83d\\ude00\"", "😀"), ("\"😀é\"", "😀é"), ("\"\u{7f}\"", "\u{7f}"),
            ("[]", []), ("[ ]", []), ("[1,[2,\"x\"],{}]", [1, [2, "x"], [:]]), ("{}", [:]),
            ("\t{ \"a\" : 1 , \"\" : null }\r\n", ["a": 1, "": nil]),
        ] as [(String, JSONValue)]
    )
    func reads(text: String, value: JSONValue) throws {
        #expect(try read(text) == value)
    }

    @Test(
        "a text that is not JSON is refused, with the reason and the place",
        arguments: [
            ("", .endOfText, 0), ("  ", .endOfText, 2), ("nul", .endOfText, 3),
            ("nulL", .unexpectedByte, 3), ("True", .unexpectedByte, 0), ("NaN", .unexpectedByte, 0),
            ("Infinity", .unexpectedByte, 0), ("-Infinity", .malformedNumber, 1),
            ("'a'", .unexpectedByte, 0), ("\u{feff}1", .unexpectedByte, 0),
            ("\u{a0}1", .unexpectedByte, 0), ("\u{b}1", .unexpectedByte, 0),
            ("1 2", .trailingBytes, 2), ("{}}", .trailingBytes, 2), ("1\0", .trailingBytes, 1),
            ("01", .malformedNumber, 0), ("-01", .malformedNumber, 1), ("-", .malformedNumber, 1),
            ("+1", .unexpectedByte, 0), (".5", .unexpectedByte, 0), ("1.", .malformedNumber, 2),
            ("1.e1", .malformedNumber, 2), ("1e", .malformedNumber, 2),
            ("1e+", .malformedNumber, 3), ("0x1", .trailingBytes, 1), ("1_0", .trailingBytes, 1),
            ("[", .endOfText, 1), ("[1", .endOfText, 2), ("[1,", .endOfText, 3),
            ("[1,]", .unexpectedByte, 3), ("[,1]", .unexpectedByte, 1),
            ("[1 2]", .unexpectedByte, 3), ("[1}", .unexpectedByte, 2), ("]", .unexpectedByte, 0),
            ("{", .endOfText, 1), ("{\"a\"", .endOfText, 4), ("{\"a\":", .endOfText, 5),
            ("{\"a\":1", .endOfText, 6), ("{\"a\":1,}", .unexpectedByte, 7),
            ("{a:1}", .unexpectedByte, 1), ("{1:1}", .unexpectedByte, 1),
            ("{\"a\" 1}", .unexpectedByte, 5), ("{\"a\"::1}", .unexpectedByte, 5),
            ("/* */1", .unexpectedByte, 0), ("1//", .trailingBytes, 1),
            ("\"", .endOfText, 1), ("\"a", .endOfText, 2), ("\"\\", .endOfText, 2),
            ("\"\\\"", .endOfText, 3), ("\"\\x41\"", .unknownEscape, 1),
            ("\"\\U0041\"", .unknownEscape, 1), ("\"\\u004\"", .unknownEscape, 6),
            ("\"\\u00g0\"", .unknownEscape, 5), ("\"\\u004", .endOfText, 6),
            ("\"\n\"", .controlCharacter, 1), ("\"a\0\"", .controlCharacter, 2),
            ("\"\u{1f}\"", .controlCharacter, 1), ("\"\\ud800\"", .loneSurrogate, 1),
            ("\"\\ude00\"", .loneSurrogate, 1), ("\"\\ud800x\"", .loneSurrogate, 1),
            ("\"\\ud800\\n\"", .loneSurrogate, 1), ("\"\\ud800\\u0041\"", .loneSurrogate, 1),
            ("\"\\ud800\\ud800\"", .loneSurrogate, 1), ("\"\\ude00\\ud800\"", .loneSurrogate, 1),
            ("\"\\ud83d\\", .loneSurrogate, 1), ("{\"a\":1,\"a\":1}", .duplicateMember, 7),
            ("{\"a\":1,\"\\u0061\":2}", .duplicateMember, 7),
            ("[{\"b\":{\"\":0,\"\":0}}]", .duplicateMember, 12),
        ] as [(String, JSONError.Reason, Int)]
    )
    func refuses(text: String, reason: JSONError.Reason, offset: Int) {
        #expect(throws: JSONError(reason, at: offset)) { try read(text) }
    }

    @Test(
        "ill-formed UTF-8 in a string is refused",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80],
            [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE],
        ] as [[UInt8]]
    )
    func refusesIllFormedText(bytes: [UInt8]) {
        #expect(throws: JSONError(.invalidUTF8, at: 1)) {
            try JSONReader.read([0x5B, 0x22] + bytes + [0x22, 0x5D], limits: limits)
        }
        #expect(throws: JSONError(.invalidUTF8, at: 0)) {
            try JSONReader.read([0x22, 0x5C, 0x6E] + bytes + [0x22], limits: limits)
        }
    }

    @Test("members keep their order, and canonical equivalents are different names")
    func keepsOrder() throws {
        let object = try #require(try read(#"{"z":1,"a":2,"\u00e9":3,"e\u0301":4}"#).object)
        #expect(object.members.map(\.value) == [1, 2, 3, 4])
        #expect(object["\u{e9}"] == 3)
        #expect(object["e\u{301}"] == 4)
        #expect(object["A"] == nil)
    }

    @Test("a member named twice is found among thousands", arguments: [1, 15, 16, 17, 18, 5000])
    func findsDuplicatesAmongMany(count: Int) throws {
        let members = (0..<count).map { "\"m\($0)\":\($0)" }.joined(separator: ",")
        #expect(try read("{\(members)}").object?.members.count == count)
        for name in [0, count / 2, count - 1] {
            let error = #expect(throws: JSONError.self) { try read("{\(members),\"m\(name)\":0}") }
            #expect(error?.reason == .duplicateMember)
        }
    }

    @Test("sixty-four levels are read, one more is refused, and a million do not exhaust the stack")
    func boundsDepth() throws {
        let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        _ = try read(deepest)
        #expect(throws: JSONError(.tooDeep, at: 64)) { try read("[\(deepest)]") }
        let bomb = String(repeating: "[{\"a\":", count: 150_000)
        let error = #expect(throws: JSONError.self) { try read(bomb) }
        #expect(error?.reason == .tooDeep)
    }

    @Test("a caller may ask for less depth but not for more")
    func clampsDepth() {
        #expect(JSONLimits(bytesMax: 1, depthMax: 1_000_000).depthMax == 64)
        let flat = JSONLimits(bytesMax: 64, depthMax: 1)
        #expect(throws: JSONError(.tooDeep, at: 1)) {
            try JSONReader.read(Array("[[]]".utf8), limits: flat)
        }
    }

    @Test("a text over the limit is refused before it is read")
    func boundsSize() throws {
        let text = Array("[1,2]".utf8)
        _ = try JSONReader.read(text, limits: JSONLimits(bytesMax: 5))
        #expect(throws: JSONError(.tooLarge, at: 4)) {
            try JSONReader.read(text, limits: JSONLimits(bytesMax: 4))
        }
    }

    @Test("an error has its reason and place, and quotes nothing")
    func describesErrors() {
        let error = JSONError(.duplicateMember, at: 7)
        #expect(error.description == "an object names a member twice (byte 7)")
    }
}

private func number(_ text: String) -> JSONValue {
    JSONNumber(text).map(JSONValue.number) ?? .null
}
