import Telemetry
import Testing

@Suite("Redaction")
struct RedactionTests {
    @Test(
        "replaces tokens and card numbers, wherever they stand",
        arguments: [
            ("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1In0.c2lnbmF0dXJl", "Bearer [redacted]"),
            ("a eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1In0. b", "a [redacted] b"),
            ("card 4111111111111111 paid", "card [redacted] paid"),
            ("4111 1111 1111 1111", "[redacted]"),
            ("5500-0000-0000-0004,", "[redacted],"),
        ]
    )
    func takesOut(text: String, clean: String) {
        #expect(Redaction.scrubbed(text) == clean)
    }

    @Test(
        "leaves everything else unchanged",
        arguments: [
            "", "request answered", "pay_0123456789abcdef0123456789abcdef", "4111111111111112",
            "1732633200123 ms", "eyJ is how one begins", "a.b.c", "2026-11-26T13:05:10Z",
            "10.0.0.7:51234", "ünïcode – stays",
        ]
    )
    func leaves(text: String) {
        #expect(Redaction.scrubbed(text) == text)
    }
}
