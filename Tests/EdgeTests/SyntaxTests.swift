import Testing

@testable import Edge

@Suite("Header syntax")
struct SyntaxTests {
    @Test(
        "accepts a request id of 1 to 64 plain characters",
        arguments: ["a", "A.b_c-9", "trace-1"]
    )
    func goodRequestID(text: String) {
        #expect(RequestIDSyntax.accepts(text))
        #expect(RequestIDSyntax.accepts(String(repeating: "x", count: 64)))
    }

    @Test("refuses any other request id", arguments: ["", "a b", "a,b", "é", "a\"b", "a/b"])
    func badRequestID(text: String) {
        #expect(!RequestIDSyntax.accepts(text))
        #expect(!RequestIDSyntax.accepts(String(repeating: "x", count: 65)))
    }

    @Test(
        "accepts a traceparent, and a longer one of a later version",
        arguments: [
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-later",
        ]
    )
    func goodTraceparent(text: String) {
        #expect(TraceParentSyntax.accepts(text))
    }

    @Test(
        "refuses any other traceparent",
        arguments: [
            "",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-later",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        ]
    )
    func badTraceparent(text: String) {
        #expect(!TraceParentSyntax.accepts(text))
    }

    @Test(
        "recognises the media types of JSON and forms",
        arguments: [
            ("application/json", MediaType.json),
            ("Application/JSON; charset=UTF-8", .json),
            ("application/json;charset=\"utf-8\";", .json),
            ("application/x-www-form-urlencoded", .form),
            ("application/x-www-form-urlencoded ; charset=utf-8", .form),
        ]
    )
    func goodMediaType(text: String, type: MediaType) {
        #expect(MediaType(contentType: text) == type)
    }

    @Test(
        "recognises no other media type",
        arguments: [
            "", "text/plain", "application/json; charset=latin1", "application/json; odata=full",
            "application/jsonp", "application/json, text/plain", "multipart/form-data; boundary=x",
        ]
    )
    func badMediaType(text: String) {
        #expect(MediaType(contentType: text) == nil)
    }
}
