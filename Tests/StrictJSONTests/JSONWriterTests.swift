import StrictJSON
import Testing

@Suite("writing JSON")
struct JSONWriterTests {
    @Test("members keep their order, and the text is minimal")
    func writesCompactly() {
        let value: JSONValue = ["b": [1, true, nil, "x"], "a": [:], "c": -5]
        #expect(JSONWriter.text(value) == #"{"b":[1,true,null,"x"],"a":{},"c":-5}"#)
    }

    @Test("quotes, backslashes and control characters are escaped, the rest is UTF-8")
    func escapes() {
        let text = "\"\\/\u{8}\t\n\u{c}\r\u{0}\u{1f}\u{7f}é😀"
        let expected = "\"\\\"\\\\/\\b\\t\\n\\f\\r\\u0000\\u001f\u{7f}é😀\""
        #expect(JSONWriter.text(.string(text)) == expected)
    }

    @Test("a member can be replaced in its place, added and removed")
    func editsMembers() {
        var object = JSONObject()
        object["a"] = 1
        object["b"] = 2
        object["a"] = "new"
        object["c"] = nil
        #expect(JSONWriter.text(.object(object)) == #"{"a":"new","b":2}"#)
        object["a"] = nil
        #expect(JSONWriter.text(.object(object)) == #"{"b":2}"#)
    }

    @Test("a written text is read back the same, with every scalar below U+3000")
    func roundTrips() throws {
        let scalars = (UInt32(0)..<0x3000).compactMap(Unicode.Scalar.init)
        let value: JSONValue = [
            "text": .string(String(String.UnicodeScalarView(scalars))), "list": [[], [0], "", nil],
        ]
        let bytes = JSONWriter.write(value)
        let again = try JSONReader.read(bytes, limits: JSONLimits(bytesMax: bytes.count))
        #expect(again == value)
        #expect(JSONWriter.write(again) == bytes)
    }

    @Test("each accessor returns its own type only")
    func accessors() {
        let values: [JSONValue] = [nil, true, 1, "s", [2], ["k": 3]]
        #expect(values.map(\.bool) == [nil, true, nil, nil, nil, nil])
        #expect(values.map(\.int64) == [nil, nil, 1, nil, nil, nil])
        #expect(values.map(\.string) == [nil, nil, nil, "s", nil, nil])
        #expect(values.map(\.array) == [nil, nil, nil, nil, [2], nil])
        #expect(values.map { $0.object?["k"] } == [nil, nil, nil, nil, nil, 3])
    }
}
