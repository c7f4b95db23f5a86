import Domain
import Testing

@Suite("Accounts")
struct AccountTests {
    @Test("every account is found by its name")
    func names() throws {
        let names = ["clearing:CARD", "clearing:WALLET", "clearing:BANK", "merchant"]
        #expect(Account.all.map(\.name) == names)
        #expect(try names.map(Account.init(name:)) == Account.all)
    }

    @Test("another name is refused", arguments: ["", "clearing", "clearing:", "Merchant"])
    func refused(name: String) {
        #expect(throws: DomainError.self) { try Account(name: name) }
    }
}
