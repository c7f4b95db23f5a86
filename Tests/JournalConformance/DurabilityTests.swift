import Domain
import Testing

@Suite("Reopening every durable journal")
struct DurabilityTests {
    @Test("recorded entries are there after reopening", arguments: JournalKind.durable)
    func keeps(_ kind: JournalKind) async throws {
        try await kind.withStore { store in
            try await store.withJournal { journal in
                for index in 1...20 {
                    _ = try await journal.append(try Fixture.capture("pay_\(index)", 5))
                }
                _ = try await journal.append(try Fixture.refund("ref_1", of: "pay_7", 2))
            }
            try await store.withJournal { journal in
                #expect(try await journal.entries(after: 0, limit: 100).count == 21)
                let replay = try await journal.append(try Fixture.refund("ref_1", of: "pay_7", 2))
                #expect(replay.isReplay)
                let capture = try await journal.append(try Fixture.capture("pay_21", 1))
                #expect(capture.isRecorded)
                let last = try #require(try await journal.entries(after: 21, limit: 2).first)
                let before = try #require(try await journal.entries(after: 20, limit: 1).first)
                #expect(last.previous == before.hash)
            }
        }
    }

    @Test(
        "every request fails before opening and after closing",
        arguments: JournalKind.durable
    )
    func closed(_ kind: JournalKind) async throws {
        try await kind.withStore { store in
            let journal = store.open()
            await #expect(throws: JournalError.unavailable) {
                _ = try await journal.append(try Fixture.capture())
            }
            await #expect(throws: JournalError.unavailable) {
                _ = try await journal.entries(after: 0, limit: 1)
            }
            var closed: (any Journal)?
            try await store.withJournal { closed = $0 }
            await #expect(throws: JournalError.unavailable) {
                _ = try await closed?.append(try Fixture.capture())
            }
        }
    }
}
