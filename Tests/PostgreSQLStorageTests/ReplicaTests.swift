import Domain
import PostgreSQLTestSupport
import StorageCore
import Testing

@Suite(
    "Several ledgers over one database",
    .enabled(if: TestServer.isThere, "\(TestServer.absence)")
)
struct ReplicaTests {
    @Test("two replicas racing for an id have one effect and equal answers")
    func racingCaptures() async throws {
        try await Replicas.with(2) { _, journals in
            let entries = try await withThrowingTaskGroup(of: (Bool, Entry?).self) { group in
                for index in 0..<100 {
                    let capture = try Fixture.capture("pay_\(index / 4)")
                    group.addTask { try await journals[index % 2].append(capture).entry }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(entries.count { $0.0 } == 25)
            #expect(Set(entries.map(\.1)).count == 25)
            try await self.expectChain(of: 25, in: journals[1])
        }
    }

    @Test("refunds racing over two replicas never exceed the capture")
    func racingRefunds() async throws {
        try await Replicas.with(2) { _, journals in
            _ = try await journals[0].append(try Fixture.capture("pay_1", 1_000))
            let recorded = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<100 {
                    let draft = try Fixture.refund("ref_\(index)", of: "pay_1", 30)
                    group.addTask {
                        let outcome = try await journals[index % 2].append(draft)
                        if case .recorded = outcome { return 1 } else { return 0 }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(recorded == 33)
            for journal in journals {
                let history = try await journal.history(of: try PaymentID("pay_1"))
                #expect(history?.refunds.count == 33 && history?.remaining == 10)
            }
            try await self.expectChain(of: 34, in: journals[0])
        }
    }

    @Test("a waiter at one replica sees another one's entries")
    func wakes() async throws {
        try await Replicas.with(2) { _, journals in
            async let seen = journals[0].awaited()
            _ = try await journals[1].append(try Fixture.capture())
            #expect(try await seen.map(\.entry.id) == ["pay_1"])
        }
    }

    @Test("balances are right, whichever replica wrote last")
    func balances() async throws {
        try await Replicas.with(3) { _, journals in
            for index in 0..<30 {
                let capture = try Fixture.capture("pay_\(index)", 10)
                _ = try await journals[index % 3].append(capture)
            }
            let euro = try Currency(code: "EUR")
            for journal in journals {
                #expect(try await journal.balance(of: .merchant, in: euro) == Balance(credits: 300))
            }
        }
    }

    /// Requires `count` entries without a gap, each linked to the one before.
    private func expectChain(of count: Int, in journal: GroupCommitJournal) async throws {
        var head = JournalHead.empty
        for chained in try await journal.entries(after: 0, limit: .max) {
            #expect(chained.sequence == head.sequence + 1 && chained.previous == head.hash)
            head = JournalHead(chained)
        }
        #expect(head.sequence == count)
    }
}

extension CaptureOutcome {
    /// The entry, and true if it was recorded now.
    fileprivate var entry: (Bool, Entry?) {
        switch self {
        case .recorded(let entry): (true, entry)
        case .alreadyRecorded(let entry): (false, entry)
        case .conflict: (false, nil)
        }
    }
}

extension GroupCommitJournal {
    /// The first entries; waits for them.
    fileprivate func awaited() async throws -> [ChainedEntry] {
        while true {
            let entries = try await self.entries(after: 0, limit: 9)
            if !entries.isEmpty { return entries }
            await self.awaitEntries(after: 0)
        }
    }
}
