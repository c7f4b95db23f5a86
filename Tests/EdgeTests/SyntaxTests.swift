import Testing

@testable import Edge

@Suite("Header syntax")
struct SyntaxTests {
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
