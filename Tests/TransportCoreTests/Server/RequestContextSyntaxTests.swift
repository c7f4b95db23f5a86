import Testing
import TransportCore

@Suite("the syntax of request ids and trace contexts")
struct RequestContextSyntaxTests {
    @Test(
        "accepts a request id of 1 to 64 plain characters",
        arguments: ["a", "A.b_c-9", "trace-1"]
    )
    func goodRequestID(text: String) {
        #expect(RequestID.accepts(text))
        #expect(RequestID.accepts(String(repeating: "x", count: 64)))
    }

    @Test("refuses any other request id", arguments: ["", "a b", "a,b", "é", "a\"b", "a/b"])
    func badRequestID(text: String) {
        #expect(!RequestID.accepts(text))
        #expect(!RequestID.accepts(String(repeating: "x", count: 65)))
    }

    @Test(
        "accepts a traceparent, and a longer one of a later version",
        arguments: [
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-later",
        ]
    )
    func goodTraceparent(text: String) {
        #expect(TraceContext(traceParent: text) != nil)
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
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-+1",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0A",
            "zz-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ]
    )
    func badTraceparent(text: String) {
        #expect(TraceContext(traceParent: text) == nil)
    }
}
