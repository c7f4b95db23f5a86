import Domain
import Identity
import ServiceMessages
import StorageCore
import SwiftProtobuf
import Testing
import TransportCore

@testable import Composition

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Callers resume after their last entry, and learn if the journal has lost it.
@Suite("Resuming ListEntries and Watch", .timeLimit(.minutes(10)))
struct HistoryTests {
    /// Runs `body` with a system over a journal of `count` captures.
    private static func with(
        _ count: Int,
        _ body: (RunningSystem, [ChainedEntry]) async throws -> Void
    ) async throws {
        let chainer = EntryChainer(sha256: { SHA256Digest.digest($0) }, now: { 1_893_456_000 })
        let journal = InMemoryJournal(chainer)
        for number in 1...count {
            let capture = try Capture(
                paymentID: "pay-\(number)",
                amount: Int64(number),
                currency: "EUR",
                method: "",
                orderID: "",
                subject: "alice",
                defaultCurrency: Currency(code: "EUR")
            )
            _ = try await journal.append(capture)
        }
        let entries = await journal.entries(after: 0, limit: count)
        try await TransportKind.memory.withSystem(SystemChanges(journal: journal)) { system in
            try await body(system, entries)
        }
    }

    private static func listed(
        _ system: RunningSystem,
        _ after: UInt64,
        _ hash: [UInt8]
    ) async throws -> [UInt64] {
        let request = Ledger_ListEntriesRequest.with {
            $0.after = after
            $0.afterHash = Data(hash)
        }
        return try await system.ledgerChannel.serverStream(LedgerBinding.listEntries, request) {
            var sequences: [UInt64] = []
            for try await entry in $0 { sequences.append(entry.sequence) }
            return sequences
        }
    }

    /// The first events of a watch.
    private static func watched(
        _ system: RunningSystem,
        _ after: UInt64,
        _ hash: [UInt8],
        count: Int
    ) async throws -> [Ledger_Event] {
        let request = Ledger_WatchRequest.with {
            $0.after = after
            $0.afterHash = Data(hash)
        }
        return try await system.ledgerChannel.serverStream(LedgerBinding.watch, request) {
            var events: [Ledger_Event] = []
            for try await event in $0 {
                events.append(event)
                if events.count == count { break }
            }
            return events
        }
    }

    @Test("a caller resumes after the hash of its last entry, and each event carries its own hash")
    func goesOn() async throws {
        try await Self.with(3) { system, entries in
            let hash = entries[0].hash.bytes
            #expect(try await Self.listed(system, 1, hash) == [2, 3])
            #expect(try await Self.listed(system, 3, entries[2].hash.bytes) == [])
            let events = try await Self.watched(system, 1, hash, count: 2)
            #expect(events.map { Array($0.hash) } == entries.dropFirst().map(\.hash.bytes))
            #expect(try await Self.listed(system, 0, EntryHash.genesis.bytes) == [1, 2, 3])
        }
    }

    @Test(
        "an entry that the journal lacks, or has with another hash, is data loss",
        arguments: 0..<4
    )
    func lost(_ index: Int) async throws {
        try await Self.with(3) { system, entries in
            let (after, hash): (UInt64, [UInt8]) = [
                (2, entries[0].hash.bytes), (4, entries[2].hash.bytes), (4, []),
                (0, entries[0].hash.bytes),
            ][index]
            let listed = await #expect(throws: RPCError.self) {
                _ = try await Self.listed(system, after, hash)
            }
            let watched = await #expect(throws: RPCError.self) {
                _ = try await Self.watched(system, after, hash, count: 1)
            }
            for error in [listed, watched] {
                #expect(error?.code == .dataLoss)
                #expect(error?.reason == LedgerBinding.historyDiffers)
            }
        }
    }

    @Test("a hash has 32 bytes")
    func noHash() async throws {
        try await Self.with(1) { system, _ in
            let error = await #expect(throws: RPCError.self) {
                _ = try await Self.listed(system, 1, [1, 2, 3])
            }
            #expect(error?.code == .invalidArgument)
        }
    }
}
