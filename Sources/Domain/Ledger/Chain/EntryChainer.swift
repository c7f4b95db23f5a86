/// Links entries into a hash chain and verifies links.
///
/// The hash is SHA-256 over the previous entry's hash and every field of this one. Changing, moving
/// or removing an entry breaks the chain there or at the next entry. Entries missing at the end are
/// not detected here.
package struct EntryChainer: Sendable {
    private let sha256: IDDerivation.Digest
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - sha256: SHA-256 of the bytes.
    ///   - now: Seconds since 1970.
    package init(sha256: @escaping IDDerivation.Digest, now: @escaping @Sendable () -> Int64) {
        self.sha256 = sha256
        self.now = now
    }

    /// For unit tests: every timestamp is 0 and all hashes are equal.
    package static let blank = EntryChainer(sha256: { _ in EntryHash.genesis.bytes }, now: { 0 })

    /// Chains `entry` to `head` as its successor, recorded now.
    package func chain(_ entry: Entry, after head: JournalHead) -> ChainedEntry {
        let now = self.now()
        return ChainedEntry(
            entry: entry,
            recordedAt: now,
            previous: head.hash,
            hash: self.hash(entry, recordedAt: now, previous: head.hash)
        )
    }

    /// True if the entry is unchanged since it was chained.
    package func isWhole(_ chained: ChainedEntry) -> Bool {
        chained.hash
            == self.hash(chained.entry, recordedAt: chained.recordedAt, previous: chained.previous)
    }

    private func hash(_ entry: Entry, recordedAt: Int64, previous: EntryHash) -> EntryHash {
        var encoding = EntryEncoding()
        encoding.append(previous.bytes)
        encoding.append(recordedAt)
        encoding.append(entry)
        guard let hash = EntryHash(self.sha256(encoding.bytes)) else {
            preconditionFailure("A SHA-256 digest has 32 bytes.")
        }
        return hash
    }
}
