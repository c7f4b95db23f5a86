import Domain
import StorageCore
import Testing

@Suite("The journal in memory")
struct InMemoryJournalTests {
    let journal = InMemoryJournal()

    private func capture(_ id: String, _ minorUnits: Int64) throws -> Capture {
        Capture(
            paymentID: try PaymentID(id),
            amount: try Amount(minorUnits: minorUnits, currency: try Currency(code: "EUR")),
            method: .card,
            orderID: nil,
            subject: try Subject("alice")
        )
    }

    @Test("an append is decided and written in one step, however many race")
    func race() async throws {
        let (journal, capture) = (self.journal, try self.capture("pay_1", 5))
        let recorded = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    guard case .recorded = try await journal.append(capture) else { return 0 }
                    return 1
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(recorded == 1)
        #expect(await self.journal.entries(after: 0, limit: 10).count == 1)
    }

    @Test("appended entries are read back")
    func reads() async throws {
        let capture = try self.capture("pay_1", 5)
        _ = try await self.journal.append(capture)
        let draft = try RefundDraft(
            id: try RefundID("ref_1"),
            paymentID: capture.paymentID,
            amount: 2,
            reason: try Reason("late"),
            subject: capture.subject,
            owner: nil
        )
        _ = try await self.journal.append(draft)
        let history = try #require(await self.journal.history(of: capture.paymentID))
        #expect(history.refunds.map(\.reason.text) == ["late"])
        #expect(history.remaining == 3)
        let merchant = await self.journal.balance(of: .merchant, in: capture.amount.currency)
        #expect(merchant == Balance(debits: 2, credits: 5))
        #expect(await self.journal.entries(after: 1, limit: 10).map(\.entry.id) == ["ref_1"])
    }
}
