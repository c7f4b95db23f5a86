import Domain
import Testing

@Suite("Appending to every journal")
struct AppendTests {
    @Test(
        "a capture is decided and written in one step, however many race",
        arguments: JournalKind.allCases
    )
    func races(_ kind: JournalKind) async throws {
        try await kind.withJournal { journal in
            let capture = try Fixture.capture()
            let recorded = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<200 {
                    group.addTask { try await journal.append(capture).isRecorded ? 1 : 0 }
                }
                return try await group.reduce(0, +)
            }
            #expect(recorded == 1)
            #expect(try await journal.entries(after: 0, limit: 10).count == 1)
        }
    }

    @Test(
        "the same capture again returns the first entry",
        arguments: JournalKind.allCases
    )
    func replays(_ kind: JournalKind) async throws {
        try await kind.withJournal { journal in
            guard case .recorded(let first) = try await journal.append(Fixture.capture()) else {
                Issue.record("the first was not recorded")
                return
            }
            let again = try await journal.append(Fixture.capture())
            #expect(again == .alreadyRecorded(first))
            #expect(first.sequence == 1)
        }
    }

    private static let others: [(String, @Sendable () throws -> Capture)] = [
        ("amount", { try Fixture.capture("pay_1", 999) }),
        ("currency", { try Fixture.capture(currency: "USD") }),
        ("method", { try Fixture.capture(method: .bank) }),
        ("order_id", { try Fixture.capture(order: nil) }),
        ("subject", { try Fixture.capture(subject: "bob") }),
    ]

    @Test(
        "another value of a field is a conflict that names it",
        arguments: JournalKind.allCases,
        0..<others.count
    )
    func conflicts(_ kind: JournalKind, _ index: Int) async throws {
        let (field, other) = Self.others[index]
        try await kind.withJournal { journal in
            _ = try await journal.append(try Fixture.capture())
            let outcome = try await journal.append(try other())
            #expect(outcome == .conflict(field: field))
            #expect(try await journal.entries(after: 0, limit: 9).count == 1)
        }
    }

    @Test("refunds take from the remaining amount, and never more", arguments: JournalKind.allCases)
    func refunds(_ kind: JournalKind) async throws {
        try await kind.withJournal { journal in
            _ = try await journal.append(try Fixture.capture("pay_1", 100))
            let first = try await journal.append(try Fixture.refund("ref_1", of: "pay_1", 60))
            let over = try await journal.append(try Fixture.refund("ref_2", of: "pay_1", 41))
            let rest = try await journal.append(try Fixture.refund("ref_3"))
            let none = try await journal.append(try Fixture.refund("ref_4", of: "pay_1", 1))
            let replay = try await journal.append(try Fixture.refund("ref_1", of: "pay_1", 60))
            let other = try await journal.append(try Fixture.refund("ref_1", of: "pay_1", 59))
            let unknown = try await journal.append(try Fixture.refund("ref_5", of: "pay_2"))
            let foreign = try await journal.append(try Fixture.refund("ref_6", owner: "bob"))
            #expect(first.isRecorded && rest.isRecorded && replay.isReplay)
            #expect(over == .exceedsRemaining(remaining: 40))
            #expect(none == .alreadyRefunded)
            #expect(other == .conflict(field: "amount"))
            #expect(unknown == .unknownPayment && foreign == .unknownPayment)
            let history = try #require(try await journal.history(of: try PaymentID("pay_1")))
            #expect(history.refunds.map(\.amount.minorUnits) == [60, 40])
            #expect(history.remaining == 0)
        }
    }

    @Test(
        "the last of a thousand refunds takes all that remains, or is refused",
        arguments: JournalKind.allCases
    )
    func tooManyRefunds(_ kind: JournalKind) async throws {
        try await kind.withJournal { journal in
            _ = try await journal.append(try Fixture.capture("pay_1", 5_000))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 1..<LedgerRules.refundsPerPaymentMax {
                    let draft = try Fixture.refund("ref_\(index)", of: "pay_1", 1)
                    group.addTask { _ = try await journal.append(draft) }
                }
                try await group.waitForAll()
            }
            let part = try await journal.append(try Fixture.refund("ref_a", of: "pay_1", 1))
            #expect(part == .tooMany(remaining: 4_001))
            let replay = try await journal.append(try Fixture.refund("ref_7", of: "pay_1", 1))
            #expect(replay.isReplay)
            let rest = try await journal.append(try Fixture.refund("ref_b", of: "pay_1"))
            #expect(rest.isRecorded)
        }
    }

    @Test(
        "racing refunds never exceed the capture",
        arguments: JournalKind.allCases
    )
    func racingRefunds(_ kind: JournalKind) async throws {
        try await kind.withJournal { journal in
            _ = try await journal.append(try Fixture.capture("pay_1", 1_000))
            let recorded = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<100 {
                    let draft = try Fixture.refund("ref_\(index)", of: "pay_1", 30)
                    group.addTask { try await journal.append(draft).isRecorded ? 1 : 0 }
                }
                return try await group.reduce(0, +)
            }
            let history = try #require(try await journal.history(of: try PaymentID("pay_1")))
            #expect(recorded == 33)
            #expect(history.refunds.count == 33 && history.remaining == 10)
        }
    }

    @Test("captures and their refunds may be in the same batch", arguments: JournalKind.allCases)
    func together(_ kind: JournalKind) async throws {
        try await kind.withJournal { journal in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<50 {
                    let capture = try Fixture.capture("pay_\(index)", 10)
                    let draft = try Fixture.refund("ref_\(index)", of: "pay_\(index)", 4)
                    group.addTask { _ = try await journal.append(capture) }
                    group.addTask { _ = try await journal.append(draft) }
                }
                try await group.waitForAll()
            }
            for index in 0..<50 {
                _ = try await journal.append(
                    try Fixture.refund("ref_\(index)", of: "pay_\(index)", 4)
                )
                let id = try PaymentID("pay_\(index)")
                let history = try #require(try await journal.history(of: id))
                #expect(history.remaining == 6)
            }
            #expect(try await journal.entries(after: 0, limit: 200).count == 100)
        }
    }
}
