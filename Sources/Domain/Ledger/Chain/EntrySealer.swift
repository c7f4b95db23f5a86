/// Seals entries into a chain, and tells whether a seal is whole.
///
/// The hash is SHA-256 over the hash of the entry before, and over every field of this one: none
/// can be changed, moved or taken out without breaking the seal of the next.
package struct EntrySealer: Sendable {
    private let sha256: IDDerivation.Digest
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - sha256: SHA-256 of the bytes.
    ///   - now: The seconds since 1970.
    package init(sha256: @escaping IDDerivation.Digest, now: @escaping @Sendable () -> Int64) {
        self.sha256 = sha256
        self.now = now
    }

    /// For unit tests: everything happens at 0, and every hash is the same.
    package static let blank = EntrySealer(sha256: { _ in EntryHash.genesis.bytes }, now: { 0 })

    /// The entry, recorded now, after `head`.
    package func seal(_ entry: Entry, after head: JournalHead) -> SealedEntry {
        let now = self.now()
        return SealedEntry(
            entry: entry,
            recordedAt: now,
            previous: head.hash,
            hash: self.hash(entry, recordedAt: now, previous: head.hash)
        )
    }

    /// Whether nothing of the entry has changed since it was sealed.
    package func isWhole(_ sealed: SealedEntry) -> Bool {
        sealed.hash
            == self.hash(sealed.entry, recordedAt: sealed.recordedAt, previous: sealed.previous)
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
