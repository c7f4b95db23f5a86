import Domain
import Testing

@testable import Edge

@Suite("The fields of a body")
struct BodyFieldsTests {
    private let reader = BodyFields(limits: EdgeLimits())

    private func read(
        _ text: String,
        _ type: String? = "application/json"
    ) -> GatewayRequest.Fields {
        self.reader.read(Array(text.utf8), contentType: type, contentEncoding: nil)
    }

    private func form(_ text: String) -> GatewayRequest.Fields {
        self.read(text, "application/x-www-form-urlencoded")
    }

    @Test("are empty for an empty body of any type", arguments: [nil, "text/plain"])
    func empty(type: String?) {
        #expect(self.read("", type) == .read([]))
    }

    @Test("keep JSON's types, and numbers their text")
    func json() {
        let text = #"{"s":"é","n":1e2,"t":true,"z":null,"a":[1],"o":{"x":1}}"#
        #expect(
            self.read(text)
                == .read([
                    .init("s", .string("é")), .init("n", .number("1e2")), .init("t", .bool(true)),
                    .init("z", .null), .init("a", .composite), .init("o", .composite),
                ])
        )
    }

    @Test("decode a form, with repeated names in order")
    func formFields() {
        #expect(
            self.form("a=1+2&b=%C3%A9&a=&c&&d=x=y")
                == .read([
                    .init("a", .text("1 2")), .init("b", .text("é")), .init("a", .text("")),
                    .init("c", .text("")), .init("d", .text("x=y")),
                ])
        )
    }

    @Test("are not read from JSON that is no object", arguments: ["[1]", "1", "\"a\"", "null"])
    func noObject(text: String) {
        #expect(self.read(text) == .unreadable(.malformed("JSON: the body is not an object")))
    }

    @Test(
        "are not read from bad JSON",
        arguments: ["{", "{\"a\":1,\"a\":1}", "{\"a\":01}", "{\"a\":NaN}", "{}x", "{'a':1}"]
    )
    func badJSON(text: String) {
        guard case .unreadable(.malformed(let detail)) = self.read(text) else {
            Issue.record("taken")
            return
        }
        #expect(detail.hasPrefix("JSON: "))
    }

    @Test(
        "are not read from a bad form, and the error names its place",
        arguments: ["a=1&b=%zz", "a=1&%FF=1"]
    )
    func badForm(text: String) {
        guard case .unreadable(.malformed(let detail)) = self.form(text) else {
            Issue.record("taken")
            return
        }
        #expect(detail.hasPrefix("form: field 2 has "))
    }

    @Test("are bounded in number")
    func tooMany() {
        let limit = EdgeLimits().formFieldsMax
        let most = Array(repeating: "a=1", count: limit).joined(separator: "&")
        #expect(self.form(most) != .unreadable(.malformed("form: more than \(limit) fields")))
        #expect(
            self.form(most + "&a=1") == .unreadable(.malformed("form: more than \(limit) fields"))
        )
    }

    @Test(
        "are not read from another content type, nor without one",
        arguments: [nil, "text/plain"]
    )
    func otherType(type: String?) {
        #expect(self.read("x", type) == .unreadable(.unsupportedType(type ?? "")))
    }

    @Test("are not read from a compressed body")
    func compressed() {
        let fields = self.reader.read(
            [0x1F],
            contentType: "application/json",
            contentEncoding: "gzip"
        )
        #expect(fields == .unreadable(.encoded))
    }

    @Test("follow those of the query; the first problem wins")
    func queryFirst() {
        let query = self.reader.query(Array("a=1".utf8))
        #expect(
            query.followed(by: self.form("a=2"))
                == .read([.init("a", .text("1")), .init("a", .text("2"))])
        )
        let bad = self.reader.query(Array("a=%".utf8))
        #expect(
            bad.followed(by: self.form("%"))
                == .unreadable(.malformed("query: field 1 has a bad percent escape at byte 0"))
        )
    }
}
