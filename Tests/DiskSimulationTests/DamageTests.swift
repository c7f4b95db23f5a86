import DiskSimulation
import Domain
import StorageCore
import Testing

/// The possible fates of a damaged journal.
private enum Aftermath: Hashable {
    /// All that was acknowledged is there, and nothing else.
    case intact
    /// It was refused when it was opened, and the place named.
    case refused
    /// It was opened, and an audit names the place.
    case found
    /// Some data is wrong, and neither opening nor audit reports it.
    case accepted
}

@Suite("A damaged journal")
struct DamageTests {
    private static func aftermath(
        _ journal: SimulatedJournal,
        _ acknowledged: [ChainedEntry]
    ) -> Aftermath {
        do throws(JournalOpenError) {
            let connection = try journal.openWriter()
            guard case .whole = JournalAudit.run(connection) else { return .found }
            return (try? connection.everything()) == acknowledged ? .intact : .accepted
        } catch {
            if case .refused(let reason) = error {
                return reason.contains("/ledger/") ? .refused : .accepted
            }
            return .refused
        }
    }

    /// A journal with a few commits after its process died; some are in the database, some in the
    /// log.
    private static func made() throws -> (SimulatedJournal, [ChainedEntry]) {
        let journal = SimulatedJournal()
        for life in 0..<2 {
            let connection = try journal.openWriter()
            for number in 0..<6 {
                _ = try connection.commit([try SimulatedJournal.write(life * 6 + number)])
            }
            journal.settle()
            guard life == 1 else { continue }
            let entries = try connection.everything()
            journal.crash(.none)
            return (journal, entries)
        }
        preconditionFailure("The second life returns.")
    }

    /// Every so many-th bit is flipped; with `DAMAGE_STRIDE`, as many as it says.
    private static let bitStride = Thoroughness.count("DAMAGE_STRIDE", else: 4_999)

    /// The part of all bits that one case flips, so that cases share the processors.
    private static let parts = 0..<8

    @Test("one flipped bit is harmless, or refused, or found: never accepted", arguments: parts)
    func bitFlips(part: Int) throws {
        let (journal, entries) = try Self.made()
        var counts: [Aftermath: Int] = [:]
        let total = journal.disk.byteCount * 8
        let first = part * Self.bitStride
        for bit in stride(from: first, to: total, by: Self.bitStride * Self.parts.count) {
            let copy = journal.copy()
            let place = copy.disk.flip(bit: bit)
            let aftermath = Self.aftermath(copy, entries)
            counts[aftermath, default: 0] += 1
            #expect(aftermath != .accepted, "bit \(bit): \(place ?? "nowhere")")
        }
        #expect(counts[.refused, default: 0] > 0)
        Thoroughness.report("bits of \(total) flipped, part \(part): \(counts.values.reduce(0, +))")
    }

    @Test("a log that is cut at any byte of its last transaction is refused, or lost nothing")
    func cuts() throws {
        let (journal, entries) = try Self.made()
        let size = journal.disk.size("/ledger/ledger.db-wal")
        let step = Self.bitStride < 4_999 ? 1 : 41
        for cut in stride(from: 1, through: min(size, 3 * 4_120), by: step) {
            let copy = journal.copy()
            copy.disk.cut("/ledger/ledger.db-wal", to: size - cut)
            let aftermath = Self.aftermath(copy, entries)
            #expect(aftermath == .refused || aftermath == .intact, "cut \(cut) bytes off")
        }
    }
}
