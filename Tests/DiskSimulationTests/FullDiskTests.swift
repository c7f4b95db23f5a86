import DiskSimulation
import Domain
import StorageCore
import Synchronization
import Testing

@Suite("A journal whose disk is full", .timeLimit(.minutes(10)))
struct FullDiskTests {
    @Test("a change is told once, with the file; failures are no commits, and reads go on")
    func changes() async throws {
        let (simulated, counts) = (SimulatedJournal(), Counts())
        let journal = simulated.journal(watch: counts.watch)
        let (statuses, reporter) = AsyncStream.makeStream(of: JournalStatus.self)
        let work = Task { await journal.run { reporter.yield($0) } }
        var told = statuses.makeAsyncIterator()
        #expect(await told.next() == .ready)
        try await Self.append(1...3, journal)

        simulated.clock.rule = { $0 == .extend ? .full : .pass(.microseconds(1)) }
        for number in 4...40 {
            let error = await #expect(throws: JournalError.self) {
                try await Self.append(number...number, journal)
            }
            #expect(error?.isFull == true)
        }
        let reason = "/ledger/ledger.db: the disk is full (SQLite code 13)"
        #expect(await told.next() == .full(reason: reason))
        #expect(try await journal.entries(after: 0, limit: 99).count == 3)
        // A replay writes nothing: it finds no room again.
        try await Self.append(1...3, journal)

        simulated.clock.rule = nil
        try await Self.append(4...5, journal)
        #expect(await told.next() == .ready)
        work.cancel()
        await work.value
        reporter.finish()
        #expect(await told.next() == nil)
        #expect(counts.entries == 5)
        #expect(counts.failures == Array(repeating: true, count: 37))
    }

    private static func append(
        _ numbers: ClosedRange<Int>,
        _ journal: GroupCommitJournal
    ) async throws {
        for number in numbers {
            let capture = Capture(
                paymentID: try PaymentID("pay_\(number)"),
                amount: try Amount(minorUnits: 5, currency: try Currency(code: "EUR")),
                method: .card,
                orderID: nil,
                subject: try Subject("ann")
            )
            _ = try await journal.append(capture)
        }
    }

    /// Counts of commits: the entries of those that succeeded, and for each failure whether it was full.
    private final class Counts: Sendable {
        private let state = Mutex<(entries: Int, failures: [Bool])>((0, []))

        var entries: Int { self.state.withLock { $0.entries } }
        var failures: [Bool] { self.state.withLock { $0.failures } }

        var watch: CommitWatch {
            CommitWatch(
                clock: { 0 },
                committed: { entries, _ in
                    #expect(entries > 0)
                    self.state.withLock { $0.entries += entries }
                },
                failed: { error in self.state.withLock { $0.failures.append(error.isFull) } }
            )
        }
    }
}
