import Domain
import StorageCore
import Testing

@Suite("The ledger")
struct LedgerTests {
    let ledger = Ledger(journal: InMemoryJournal())

    @Test("a capture is recorded once, and replayed when repeated")
    func capture() async throws {
        let capture = try Fixture.capture()
        let first = try await self.ledger.record(capture)
        let again = try await self.ledger.record(capture)
        #expect(first == CaptureReceipt(capture: capture, isReplay: false))
        #expect(again == CaptureReceipt(capture: capture, isReplay: true))
    }

    @Test("another capture under the id is a conflict")
    func captureConflict() async throws {
        _ = try await self.ledger.record(try Fixture.capture())
        let other = try Fixture.capture("pay_1", 1)
        await #expect(throws: DomainError.conflict(field: "amount")) {
            try await self.ledger.record(other)
        }
    }

    @Test("each refusal of a refund has its error")
    func refundErrors() async throws {
        _ = try await self.ledger.record(try Fixture.capture("pay_1", 10))
        let draft = try Fixture.refund("ref_1", of: "pay_1", 4)
        let receipt = try await self.ledger.record(draft)
        #expect(receipt.remaining == 6)
        #expect(try await self.ledger.record(draft).isReplay)
        let expected: [(DomainError, RefundDraft)] = [
            (.conflict(field: "amount"), try Fixture.refund("ref_1", of: "pay_1", 5)),
            (.notFound(.payment), try Fixture.refund("ref_2", of: "pay_2")),
            (.refundExceedsRemaining(remaining: 6), try Fixture.refund("ref_2", of: "pay_1", 7)),
        ]
        for (error, draft) in expected {
            await #expect(throws: error) {
                try await self.ledger.record(draft)
            }
        }
        let rest = try Fixture.refund("ref_2", of: "pay_1")
        _ = try await self.ledger.record(rest)
        let more = try Fixture.refund("ref_3", of: "pay_1")
        await #expect(throws: DomainError.alreadyRefunded) {
            try await self.ledger.record(more)
        }
    }

    @Test("another user's payment is not found, unless no owner is required")
    func ownership() async throws {
        let capture = try Fixture.capture()
        _ = try await self.ledger.record(capture)
        let bob = try Subject("bob")
        await #expect(throws: DomainError.notFound(.payment)) {
            try await self.ledger.history(of: capture.paymentID, owner: bob)
        }
        let history = try await self.ledger.history(of: capture.paymentID, owner: nil)
        #expect(history.capture == capture)
    }

    @Test("balances and entries can be read, and a page is bounded")
    func audit() async throws {
        for index in 1...(Ledger.entriesPageMax + 1) {
            let capture = try Fixture.capture("pay_\(index)", 2)
            _ = try await self.ledger.record(capture)
        }
        let page = try await self.ledger.entries(after: 0, limit: .max)
        let rest = try await self.ledger.entries(after: UInt64(page.count), limit: 0)
        let balance = try await self.ledger.balance(of: .merchant, in: try Fixture.currency())
        #expect(page.count == Ledger.entriesPageMax)
        #expect(rest.map(\.sequence) == [UInt64(Ledger.entriesPageMax + 1)])
        #expect(balance.credits == Int64(2 * (Ledger.entriesPageMax + 1)))
    }

    @Test(
        "a journal's error maps to an error without its reason",
        arguments: [
            (.unavailable, .unavailable(retryAfter: nil)),
            (.outcomeUnknown, .outcomeUnknown),
            (.full(reason: "/books: the disk is full"), .storeFull),
            (.overloaded, .overloaded(retryAfter: nil)),
            (.corrupt(reason: "page 7"), .internalFault),
        ] as [(JournalError, DomainError)]
    )
    func journalErrors(error: JournalError, expected: DomainError) async throws {
        let ledger = Ledger(journal: FailingJournal(error: error))
        let capture = try Fixture.capture()
        await #expect(throws: expected) { try await ledger.record(capture) }
    }

    @Test("a message to the ledger reports all its violations, and needs only two fields")
    func messages() throws {
        let euro = try Fixture.currency()
        let least = try Capture(
            paymentID: "test",
            amount: 100,
            currency: "",
            method: "",
            orderID: "",
            subject: "shop",
            defaultCurrency: euro
        )
        #expect(least.amount == (try Fixture.amount(100)))
        #expect(least.method == .card)
        #expect(least.orderID == nil)
        let error = #expect(throws: DomainError.self) {
            try RefundDraft(
                id: "",
                paymentID: "",
                amount: 0,
                reason: "\n",
                subject: "",
                owner: "\n"
            )
        }
        guard case .invalid(let violations) = error else { return #expect(Bool(false)) }
        let fields = ["refund_id", "payment_id", "amount", "reason", "subject", "subject"]
        #expect(violations.map(\.field) == fields)
    }
}
