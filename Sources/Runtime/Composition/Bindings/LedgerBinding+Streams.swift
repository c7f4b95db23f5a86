import Domain
import ServiceMessages
import TransportCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Streams of entries and events, resumable after the last one received.
extension LedgerBinding {
    /// The reason for callers whose last entry is not in the journal.
    package static let historyDiffers = "HISTORY_DIFFERS"

    /// The most events read ahead of a caller.
    private static let eventsAheadMax = 256

    /// Streams entries page by page; reads the next page once the caller has taken the previous
    /// one.
    static func list(
        _ request: Ledger_ListEntriesRequest,
        from ledger: Ledger,
        to writer: TypedWriter<Ledger_Entry>
    ) async throws {
        var place = try await StreamPlace(request.after, Array(request.afterHash), in: ledger)
        var left = request.limit == 0 ? Int.max : Int(request.limit)
        while left > 0 {
            let limit = min(left, Ledger.entriesPageMax)
            let page = try await entries { () async throws(DomainError) in
                try await ledger.entries(after: place.sequence, limit: limit)
            }
            if page.isEmpty { return }
            for entry in page {
                try place.move(to: entry)
                try await writer.send(Ledger_Entry(entry))
            }
            left -= page.count
        }
    }

    /// Streams every event after a position, including future ones, until the call or the ledger
    /// ends.
    static func follow(
        _ request: Ledger_WatchRequest,
        of ledger: Ledger,
        to writer: TypedWriter<Ledger_Event>
    ) async throws {
        var place = try await StreamPlace(request.after, Array(request.afterHash), in: ledger)
        // A lost position fails with a status only; otherwise headers go out before the first
        // event.
        try await writer.begin()
        while true {
            let page = try await entries { () async throws(DomainError) in
                try await ledger.awaitEntries(after: place.sequence, limit: eventsAheadMax)
            }
            for entry in page {
                try place.move(to: entry)
                try await writer.send(Ledger_Event(entry))
            }
        }
    }

    private static func entries(
        _ read: () async throws(DomainError) -> [ChainedEntry]
    ) async throws(RPCError) -> [ChainedEntry] {
        do throws(DomainError) {
            return try await read()
        } catch {
            throw RPCError(error)
        }
    }
}

/// The last entry that a caller has received; the next one sent must follow it.
private struct StreamPlace {
    private(set) var sequence: UInt64
    /// Nil if the caller gave none.
    private var hash: EntryHash?

    /// - Throws: DATA_LOSS if the journal lacks this entry.
    init(
        _ sequence: UInt64,
        _ bytes: [UInt8],
        in ledger: Ledger
    ) async throws(RPCError) {
        let hash = EntryHash(bytes)
        let holds: Bool
        do throws(DomainError) {
            guard hash != nil || bytes.isEmpty else {
                let rule = "has the \(EntryHash.byteCount) bytes of a hash, or none"
                throw .invalid([FieldViolation("after_hash", rule)])
            }
            holds = try await ledger.holds(sequence, hash)
        } catch {
            throw RPCError(error)
        }
        self.sequence = sequence
        self.hash = hash
        guard holds else { throw self.isLost }
    }

    /// - Throws: DATA_LOSS if `entry` does not follow.
    mutating func move(to entry: ChainedEntry) throws(RPCError) {
        guard entry.sequence == self.sequence + 1, self.hash == nil || entry.previous == self.hash
        else { throw self.isLost }
        self.sequence = entry.sequence
        self.hash = entry.hash
    }

    private var isLost: RPCError {
        RPCError(
            .dataLoss,
            """
            the journal does not hold entry \(self.sequence) as you have it: entries were lost, or \
            this is another journal; compare what you have with ListEntries before you go on
            """,
            reason: LedgerBinding.historyDiffers,
            metadata: ["sequence": "\(self.sequence)"]
        )
    }
}
