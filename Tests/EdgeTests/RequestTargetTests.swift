import Testing

@testable import Edge

@Suite("A request target")
struct RequestTargetTests {
    @Test(
        "gives its decoded path",
        arguments: [
            ("/pay", "/pay"),
            ("/", "/"),
            ("/payments/a%20b?x=1", "/payments/a b"),
            ("/payments/%C3%A9", "/payments/é"),
            ("/a+b", "/a+b"),
            ("//a//", "//a//"),
            ("http://florin.example:8000/pay?x=1", "/pay"),
            ("HTTPS://florin.example", "/"),
            ("http://florin.example?x=1", "/"),
            ("*", "*"),
        ]
    )
    func path(text: String, path: String) throws {
        #expect(try RequestTarget(text).path == path)
    }

    @Test("keeps its query encoded")
    func query() throws {
        #expect(try RequestTarget("/pay?a=%31&b?c").query == Array("a=%31&b?c".utf8))
        #expect(try RequestTarget("http://h?a=1").query == Array("a=1".utf8))
        #expect(try RequestTarget("/pay").query.isEmpty)
    }

    @Test("is logged without its query, as sent")
    func rawPath() throws {
        #expect(try RequestTarget("/a%20b?token=x").rawPath == "/a%20b")
    }

    @Test(
        "is refused unless it is a path",
        arguments: [
            "", "pay", "/%zz", "/%2", "/%", "/%FF", "/a%2Fb", "/a%00b", "/a%0Ab", "/a#b", "/é",
            "ftp://h/pay", "http:///pay", "florin.example:443",
        ]
    )
    func refused(text: String) {
        #expect(throws: EdgeFailure.self) { try RequestTarget(text) }
    }
}
