import Domain
import Testing

@Suite("The ledger book: refunds")
struct LedgerBookRefundTests {
    var book: LedgerBook

    init() throws {
        self.book = LedgerBook()
        _ = try self.book.append(try Fixture.capture("pay_1", 1000))
    }

    /// Appends a draft that must be recorded.
    private mutating func refund(_ draft: RefundDraft) throws -> RefundRecord {
        guard case .recorded(_, let record) = try self.book.append(draft) else {
            throw Unexpected.outcome
        }
        return record
    }

    enum Unexpected: Error {
        case outcome
    }

    @Test("a refund reverses the capture and leaves the rest")
    mutating func partial() throws {
        let record = try self.refund(try Fixture.refund("ref_1", of: "pay_1", 300))
        let euro = try Fixture.currency()
        #expect(record.refund.amount == (try Fixture.amount(300)))
        #expect(record.remaining == 700)
        #expect(self.book.balance(of: .merchant, in: euro) == Balance(debits: 300, credits: 1000))
        let clearing = self.book.balance(of: .clearing(.card), in: euro)
        #expect(clearing == Balance(debits: 1000, credits: 300))
    }

    @Test("without an amount, all that remains goes back")
    mutating func rest() throws {
        _ = try self.refund(try Fixture.refund("ref_1", of: "pay_1", 300))
        let record = try self.refund(try Fixture.refund("ref_2"))
        #expect(record.refund.amount.minorUnits == 700)
        #expect(record.requestedAmount == nil)
        #expect(record.remaining == 0)
    }

    @Test("a refund above the remaining amount is refused and carries that amount")
    mutating func exceeds() throws {
        _ = try self.refund(try Fixture.refund("ref_1", of: "pay_1", 300))
        let outcome = try self.book.append(try Fixture.refund("ref_2", of: "pay_1", 701))
        #expect(outcome == .exceedsRemaining(remaining: 700))
        #expect(self.book.entries.count == 2)
    }

    @Test("once nothing remains, every new refund is refused", arguments: [nil, 1, 1000])
    mutating func alreadyRefunded(amount: Int64?) throws {
        _ = try self.refund(try Fixture.refund("ref_1"))
        #expect(
            try self.book.append(try Fixture.refund("ref_2", of: "pay_1", amount))
                == .alreadyRefunded
        )
    }

    @Test("the last of a thousand refunds takes all that remains, or is refused")
    mutating func tooMany() throws {
        _ = try self.book.append(try Fixture.capture("pay_9", 2_000))
        for number in 1..<LedgerRules.refundsPerPaymentMax {
            _ = try self.refund(try Fixture.refund("ref_\(number)", of: "pay_9", 1))
        }
        let part = try Fixture.refund("ref_1000", of: "pay_9", 1)
        #expect(try self.book.append(part) == .tooMany(remaining: 1_001))
        #expect(try self.refund(try Fixture.refund("ref_1000", of: "pay_9", 1_001)).remaining == 0)
        let further = try Fixture.refund("ref_1001", of: "pay_9", 1)
        #expect(try self.book.append(further) == .alreadyRefunded)
    }

    @Test("an unknown payment cannot be refunded")
    mutating func unknown() throws {
        let draft = try Fixture.refund("ref_1", of: "pay_2")
        #expect(try self.book.append(draft) == .unknownPayment)
    }

    @Test("another user's payment is unknown to a user, but not to an admin")
    mutating func ownership() throws {
        let stranger = try Fixture.refund("ref_1", of: "pay_1", 1, subject: "bob", owner: "bob")
        #expect(try self.book.append(stranger) == .unknownPayment)
        let admin = try Fixture.refund("ref_1", of: "pay_1", 1, subject: "bob", owner: nil)
        #expect(try self.refund(admin).subject.text == "bob")
    }

    @Test("ownership is checked on a replay too")
    mutating func ownershipOfReplay() throws {
        _ = try self.refund(try Fixture.refund("ref_1", of: "pay_1", 1))
        let stranger = try Fixture.refund("ref_1", of: "pay_1", 1, subject: "bob", owner: "bob")
        #expect(try self.book.append(stranger) == .unknownPayment)
    }

    @Test("the same refund again returns the first answer, whatever happened in between")
    mutating func replay() throws {
        let draft = try Fixture.refund("ref_1", of: "pay_1", 300)
        let first = try self.refund(draft)
        _ = try self.refund(try Fixture.refund("ref_2"))
        #expect(try self.book.append(draft) == .alreadyRecorded(self.book.entries[1], first))
        #expect(first.remaining == 700)
    }

    @Test("a refund of all that remained replays as well")
    mutating func replayOfRest() throws {
        _ = try self.refund(try Fixture.refund("ref_1", of: "pay_1", 300))
        let draft = try Fixture.refund("ref_2")
        let first = try self.refund(draft)
        #expect(try self.book.append(draft) == .alreadyRecorded(self.book.entries[2], first))
        #expect(first.refund.amount.minorUnits == 700)
    }

    @Test("a refund of the same amount, stated explicitly, is another request")
    mutating func restIsNotItsAmount() throws {
        _ = try self.refund(try Fixture.refund("ref_1"))
        let outcome = try self.book.append(try Fixture.refund("ref_1", of: "pay_1", 1000))
        #expect(outcome == .conflict(field: "amount"))
    }

    @Test("another refund under the same id is a conflict that names the field")
    mutating func conflicts() throws {
        _ = try self.book.append(try Fixture.capture("pay_2"))
        _ = try self.refund(try Fixture.refund("ref_1", of: "pay_1", 300, reason: "late"))
        let payment = try Fixture.refund("ref_1", of: "pay_2", 300, reason: "late")
        let amount = try Fixture.refund("ref_1", of: "pay_1", 301, reason: "late")
        let reason = try Fixture.refund("ref_1", of: "pay_1", 300, reason: "later")
        #expect(try self.book.append(payment) == .conflict(field: "payment_id"))
        #expect(try self.book.append(amount) == .conflict(field: "amount"))
        #expect(try self.book.append(reason) == .conflict(field: "reason"))
    }

    @Test("a capture lists its refunds, oldest first, and the remaining amount")
    mutating func history() throws {
        let first = try self.refund(try Fixture.refund("ref_1", of: "pay_1", 300, reason: "late"))
        let second = try self.refund(try Fixture.refund("ref_2", of: "pay_1", 50))
        let history = try #require(self.book.history(of: try PaymentID("pay_1")))
        #expect(history.refunds == [first.refund, second.refund])
        #expect(history.remaining == 650)
        #expect(self.book.history(of: try PaymentID("pay_2")) == nil)
    }

    @Test("a draft with an impossible amount cannot be made", arguments: [0, -1, 100_000_000])
    func impossible(amount: Int64) {
        #expect(throws: DomainError.self) { try Fixture.refund("ref_1", of: "pay_1", amount) }
    }
}
