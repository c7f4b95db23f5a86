import Domain
import Testing

@Suite("Payment methods")
struct PaymentMethodTests {
    @Test("a method has its name on the wire; an empty name means a card")
    func names() throws {
        #expect(try PaymentMethod(name: "") == .card)
        #expect(try PaymentMethod(name: "CARD") == .card)
        #expect(try PaymentMethod(name: "WALLET") == .wallet)
        #expect(try PaymentMethod(name: "BANK") == .bank)
    }

    @Test("another name is refused", arguments: ["card", "CASH", " CARD"])
    func refused(name: String) {
        #expect(throws: DomainError.self) { try PaymentMethod(name: name) }
    }
}
