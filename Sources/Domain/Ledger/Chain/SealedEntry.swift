/// An entry as it is kept: when it was recorded, and sealed to the one before it.
package struct SealedEntry: Hashable, Sendable {
    package let entry: Entry
    /// In seconds since 1970, by the clock of the ledger that recorded it.
    package let recordedAt: Int64
    /// The hash of the entry before it; ``EntryHash/genesis`` before the first.
    package let previous: EntryHash
    /// What ``EntrySealer`` makes of all of this.
    package let hash: EntryHash

    package init(entry: Entry, recordedAt: Int64, previous: EntryHash, hash: EntryHash) {
        self.entry = entry
        self.recordedAt = recordedAt
        self.previous = previous
        self.hash = hash
    }

    package var sequence: UInt64 { self.entry.sequence }
}

/// The last entry of a journal, as far as the next one needs to know it.
package struct JournalHead: Hashable, Sendable {
    /// Before the first entry.
    package static let empty = JournalHead(sequence: 0, hash: .genesis)

    /// 0 when there is none.
    package let sequence: UInt64
    package let hash: EntryHash

    package init(sequence: UInt64, hash: EntryHash) {
        self.sequence = sequence
        self.hash = hash
    }

    package init(_ last: SealedEntry) {
        self.init(sequence: last.sequence, hash: last.hash)
    }
}
