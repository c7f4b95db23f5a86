import Domain
import Testing

@Suite("The ledger book: captures")
struct LedgerBookCaptureTests {
    var book = LedgerBook()

    @Test("a new capture is recorded under the next sequence")
    mutating func recorded() throws {
        let first = try Fixture.capture("pay_1")
        let second = try Fixture.capture("pay_2")
        let one = Entry(sequence: 1, record: .capture(first))
        let two = Entry(sequence: 2, record: .capture(second))
        #expect(try self.book.append(first) == .recorded(one))
        #expect(try self.book.append(second) == .recorded(two))
        #expect(self.book.entries == [one, two])
    }

    @Test("the same capture again is already recorded, and writes nothing")
    mutating func alreadyRecorded() throws {
        let capture = try Fixture.capture()
        _ = try self.book.append(capture)
        let entry = Entry(sequence: 1, record: .capture(capture))
        #expect(try self.book.append(capture) == .alreadyRecorded(entry))
        #expect(self.book.entries == [entry])
    }

    static let variants: [(field: String, capture: Capture)] = {
        guard let amount = try? Fixture.capture("pay_1", 999),
            let currency = try? Fixture.capture(currency: "USD"),
            let method = try? Fixture.capture(method: .wallet),
            let order = try? Fixture.capture(order: "order-2"),
            let subject = try? Fixture.capture(subject: "bob")
        else { return [] }
        return [
            ("amount", amount), ("currency", currency), ("method", method),
            ("order_id", order), ("subject", subject),
        ]
    }()

    @Test(
        "another capture under the same id is a conflict that names the field",
        arguments: variants
    )
    mutating func conflict(field: String, capture: Capture) throws {
        _ = try self.book.append(try Fixture.capture())
        #expect(try self.book.append(capture) == .conflict(field: field))
        #expect(self.book.entries.count == 1)
    }

    @Test("a capture debits its method's clearing account and credits the merchant")
    mutating func transfer() throws {
        _ = try self.book.append(try Fixture.capture("pay_1", 250, method: .wallet))
        let euro = try Fixture.currency()
        #expect(self.book.balance(of: .clearing(.wallet), in: euro) == Balance(debits: 250))
        #expect(self.book.balance(of: .merchant, in: euro) == Balance(credits: 250))
        #expect(self.book.balance(of: .clearing(.card), in: euro) == Balance())
    }

    @Test("entries are read in pages; a page outside the journal is empty")
    mutating func pages() throws {
        for index in 1...5 { _ = try self.book.append(try Fixture.capture("pay_\(index)")) }
        #expect(self.book.entries(after: 0, limit: 2).map(\.sequence) == [1, 2])
        #expect(self.book.entries(after: 2, limit: 9).map(\.sequence) == [3, 4, 5])
        #expect(self.book.entries(after: 5, limit: 9).isEmpty)
        #expect(self.book.entries(after: .max, limit: .max).isEmpty)
        #expect(self.book.entries(after: 0, limit: -1).isEmpty)
    }
}
