import Domain
import Testing

@Suite("Checked texts")
struct CheckedTests {
    @Test(
        "an order id is 1 to 64 printable ASCII characters without spaces",
        arguments: [("a", true), ("!~", true), ("", false), ("a b", false), ("é", false)]
    )
    func orderIDs(text: String, isValid: Bool) {
        #expect(((try? OrderID(text)) != nil) == isValid)
    }

    @Test("an order id has at most 64 characters")
    func orderIDLength() {
        #expect((try? OrderID(String(repeating: "x", count: 64))) != nil)
        #expect((try? OrderID(String(repeating: "x", count: 65))) == nil)
    }

    @Test("a key is 1 to 255 printable ASCII characters, spaces among them")
    func keys() {
        #expect((try? IdempotencyKey("a b")) != nil)
        #expect((try? IdempotencyKey(String(repeating: "x", count: 255))) != nil)
        #expect((try? IdempotencyKey(String(repeating: "x", count: 256))) == nil)
        #expect((try? IdempotencyKey("")) == nil)
        #expect((try? IdempotencyKey("a\tb")) == nil)
    }

    @Test("a subject is any text without control characters, counted in bytes")
    func subjects() {
        #expect((try? Subject("zoë 🙂")) != nil)
        #expect((try? Subject(String(repeating: "é", count: 127))) != nil)
        #expect((try? Subject(String(repeating: "é", count: 128))) == nil)
        #expect((try? Subject("a\u{0}b")) == nil)
        #expect((try? Subject("a\u{85}b")) == nil)
        #expect((try? Subject("")) == nil)
    }

    @Test("a reason may be empty")
    func reasons() {
        #expect((try? Reason("")) != nil)
        #expect((try? Reason("line\nbreak")) == nil)
    }

    @Test("texts that only look the same are two subjects")
    func equivalence() throws {
        let composed = try Subject("zo\u{EB}")
        let decomposed = try Subject("zoe\u{308}")
        #expect(composed.text == decomposed.text)
        #expect(composed != decomposed)
    }

    @Test("a violation names the field and its rule")
    func violation() {
        let requirement = "must be 1 to 64 printable ASCII characters without spaces"
        #expect(throws: DomainError.invalid([FieldViolation("payment_id", requirement)])) {
            try PaymentID("")
        }
    }
}
