import Domain
import Testing

@Suite("Reading every journal")
struct ReadingTests {
    /// Three captures in two currencies, and a refund.
    private static func fill(_ journal: any Journal) async throws {
        _ = try await journal.append(try Fixture.capture("pay_1", 100))
        _ = try await journal.append(try Fixture.capture("pay_2", 7, currency: "USD"))
        _ = try await journal.append(try Fixture.capture("pay_3", 50, method: .wallet))
        _ = try await journal.append(
            try Fixture.refund("ref_1", of: "pay_1", 30, reason: "late, “as always”")
        )
    }

    @Test("every appended entry is read back unchanged", arguments: JournalKind.allCases)
    func readsBack(_ kind: JournalKind) async throws {
        try await kind.withJournal { journal in
            try await Self.fill(journal)
            let history = try #require(try await journal.history(of: try PaymentID("pay_1")))
            #expect(history.capture == (try Fixture.capture("pay_1", 100)))
            #expect(history.refunds.map(\.reason.text) == ["late, “as always”"])
            #expect(history.remaining == 70)
            #expect(try await journal.history(of: try PaymentID("pay_9")) == nil)
        }
    }

    @Test("entries come in order, in pages", arguments: JournalKind.allCases)
    func pages(_ kind: JournalKind) async throws {
        try await kind.withJournal { journal in
            try await Self.fill(journal)
            let page = try await journal.entries(after: 1, limit: 2)
            let rest = try await journal.entries(after: 3, limit: .max)
            #expect(page.map(\.entry.id) == ["pay_2", "pay_3"])
            #expect(rest.map(\.entry.id) == ["ref_1"])
            #expect(try await journal.entries(after: 4, limit: 9).isEmpty)
            #expect(try await journal.entries(after: .max, limit: 9).isEmpty)
            #expect(try await journal.entries(after: 0, limit: -1).isEmpty)
        }
    }

    @Test("every entry is linked to the previous one", arguments: JournalKind.allCases)
    func chain(_ kind: JournalKind) async throws {
        try await kind.withJournal { journal in
            try await Self.fill(journal)
            var head = JournalHead.empty
            for chained in try await journal.entries(after: 0, limit: 9) {
                #expect(chained.sequence == head.sequence + 1)
                #expect(chained.previous == head.hash)
                #expect(JournalStore.chainer.isWhole(chained))
                head = JournalHead(chained)
            }
            #expect(head.sequence == 4)
        }
    }

    @Test(
        "balances are the sums of the postings, in every currency",
        arguments: JournalKind.allCases
    )
    func balances(_ kind: JournalKind) async throws {
        try await kind.withJournal { journal in
            try await Self.fill(journal)
            let (euro, dollar) = (try Currency(code: "EUR"), try Currency(code: "USD"))
            #expect(
                try await journal.balance(of: .merchant, in: euro)
                    == Balance(debits: 30, credits: 150)
            )
            #expect(
                try await journal.balance(of: .clearing(.card), in: euro)
                    == Balance(debits: 100, credits: 30)
            )
            #expect(try await journal.balance(of: .merchant, in: dollar) == Balance(credits: 7))
            #expect(try await journal.balance(of: .clearing(.bank), in: euro) == Balance())
        }
    }

    @Test("a reader that waits for entries gets each as it comes", arguments: JournalKind.allCases)
    func wakes(_ kind: JournalKind) async throws {
        try await kind.withJournal { journal in
            let (seen, report) = AsyncStream.makeStream(of: String.self)
            async let waits = Self.follow(journal, count: 3, report)
            var arrivals = seen.makeAsyncIterator()
            for id in ["pay_1", "pay_2", "pay_3"] {
                // A reader that does not wait reads in vain meanwhile.
                for _ in 0..<1_000 { await Task.yield() }
                _ = try await journal.append(try Fixture.capture(id))
                #expect(await arrivals.next() == id)
            }
            // Journals that others may write to poll; the rest resume a waiter once an entry.
            let count = try await waits
            #expect(kind == .postgresql || count <= 3, "\(count)")
        }
    }

    /// Reads `count` entries one by one, and waits whenever there is no next one.
    ///
    /// - Returns: The number of waits.
    private static func follow(
        _ journal: any Journal,
        count: Int,
        _ report: AsyncStream<String>.Continuation
    ) async throws -> Int {
        defer { report.finish() }
        var (place, waits) = (0, 0)
        while place < count {
            if let next = try await journal.entries(after: UInt64(place), limit: 1).first {
                report.yield(next.entry.id)
                place += 1
            } else {
                await journal.awaitEntries(after: UInt64(place))
                waits += 1
            }
        }
        return waits
    }

    @Test(
        "a released waiter resumes without an entry, and the journal serves on",
        arguments: JournalKind.allCases,
        [true, false]
    )
    func letsGo(_ kind: JournalKind, _ byCancelling: Bool) async throws {
        try await kind.withJournal { journal in
            let waiting = Task { await journal.awaitEntries(after: 0) }
            if byCancelling { waiting.cancel() } else { journal.releaseWaiters() }
            await waiting.value
            // Releasing holds for later waiters too.
            if !byCancelling { await journal.awaitEntries(after: 0) }
            #expect(try await journal.entries(after: 0, limit: 1).isEmpty)
            let outcome = try await journal.append(try Fixture.capture())
            #expect(outcome.isRecorded)
        }
    }
}
