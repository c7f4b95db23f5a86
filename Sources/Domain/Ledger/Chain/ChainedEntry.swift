/// An entry as stored: with its time and its link to the previous one.
package struct ChainedEntry: Hashable, Sendable {
    package let entry: Entry
    /// Seconds since 1970, by the clock of the recording ledger.
    package let recordedAt: Int64
    /// The previous entry's hash; ``EntryHash/genesis`` for the first.
    package let previous: EntryHash
    /// The hash that ``EntryChainer`` computes over all other fields.
    package let hash: EntryHash

    package init(entry: Entry, recordedAt: Int64, previous: EntryHash, hash: EntryHash) {
        self.entry = entry
        self.recordedAt = recordedAt
        self.previous = previous
        self.hash = hash
    }

    package var sequence: UInt64 { self.entry.sequence }
}

/// The last entry of a journal, as its successor links to it.
package struct JournalHead: Hashable, Sendable {
    /// The head of an empty journal.
    package static let empty = JournalHead(sequence: 0, hash: .genesis)

    /// The sequence of the last entry; 0 if there is none.
    package let sequence: UInt64
    package let hash: EntryHash

    package init(sequence: UInt64, hash: EntryHash) {
        self.sequence = sequence
        self.hash = hash
    }

    package init(_ last: ChainedEntry) {
        self.init(sequence: last.sequence, hash: last.hash)
    }
}
