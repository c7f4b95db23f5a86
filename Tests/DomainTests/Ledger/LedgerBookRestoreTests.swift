import Domain
import Testing

@Suite("The ledger book: restored from a store")
struct LedgerBookRestoreTests {
    /// A capture of 1000, and refunds of 300 and of the rest.
    private func written() throws -> LedgerBook {
        var book = LedgerBook()
        _ = try book.append(try Fixture.capture("pay_1", 1000))
        _ = try book.append(try Fixture.refund("ref_1", of: "pay_1", 300))
        _ = try book.append(try Fixture.refund("ref_2", of: "pay_1"))
        return book
    }

    private func restored(_ entries: [Entry]) throws -> LedgerBook {
        var book = LedgerBook()
        for entry in entries { try book.restore(entry) }
        return book
    }

    @Test("restoring every entry makes the same book")
    func same() throws {
        let book = try self.written()
        let again = try self.restored(book.entries)
        let paymentID = try PaymentID("pay_1")
        #expect(again.entries == book.entries)
        #expect(again.history(of: paymentID) == book.history(of: paymentID))
    }

    @Test("a restored book recognises replays")
    func replay() throws {
        var book = try self.restored(try self.written().entries)
        let outcome = try book.append(try Fixture.refund("ref_2", of: "pay_1"))
        guard case .alreadyRecorded(let entry, _) = outcome else { return #expect(Bool(false)) }
        #expect(entry.sequence == 3)
    }

    @Test("a gap, a swap or a repetition is corruption", arguments: [[0, 2], [1, 0], [0, 0]])
    func order(indices: [Int]) throws {
        let entries = try self.written().entries
        #expect(throws: JournalError.self) { try self.restored(indices.map { entries[$0] }) }
    }

    @Test("an entry that the rules would not have written is corruption")
    func rules() throws {
        let entries = try self.written().entries
        guard case .refund(let record) = entries[1].record else { return #expect(Bool(false)) }
        let forged = RefundRecord(
            refund: record.refund,
            requestedAmount: record.requestedAmount,
            subject: record.subject,
            method: record.method,
            remaining: 1000
        )
        let impossible = RefundRecord(
            refund: record.refund,
            requestedAmount: -300,
            subject: record.subject,
            method: record.method,
            remaining: 700
        )
        for record in [forged, impossible] {
            let entry = Entry(sequence: 2, record: .refund(record))
            #expect(throws: JournalError.corrupt(reason: "entry 2 cannot follow 1")) {
                try self.restored([entries[0], entry])
            }
        }
    }
}
