import DiskSimulation
import Domain
import StorageCore
import Testing

/// After a failed sync, ext4 and XFS show what they did not write, and never write it: Rebello and
/// others, "Can Applications Recover from fsync Failures?", USENIX ATC 2020.
@Suite("A journal on a disk that forgets what a failed sync was to write")
struct ForgottenSyncTests {
    private static func write(
        _ number: Int,
        _ connection: any JournalConnection
    ) throws -> Result<JournalVerdict, JournalError>? {
        try connection.commit([try SimulatedJournal.write(number)]).first
    }

    @Test("a replay is acknowledged when it is on the disk, not when it can be read")
    func replays() throws {
        let journal = SimulatedJournal()
        var connection: (any JournalConnection)? = try journal.openWriter()
        for number in 0..<3 {
            _ = try connection.map { try Self.write(number, $0) }
            journal.settle()
        }
        journal.clock.rule = { $0 == .sync ? .forget : .pass(.microseconds(1)) }
        #expect(throws: JournalError.outcomeUnknown) {
            _ = try connection.map { try Self.write(4, $0) }
        }
        journal.clock.rule = nil
        connection = nil

        let again = try journal.openWriter()
        journal.settle()
        let verdict = try Self.write(4, again)?.get()
        journal.settle()
        guard case .capture(.alreadyRecorded(let entry)) = verdict else {
            Issue.record("it is not a replay: \(verdict as Any)")
            return
        }
        journal.crash(.unsynced)
        let found = try journal.openWriter()
        #expect(try found.everything().last?.entry == entry)
        guard case .whole = JournalAudit.run(found) else {
            Issue.record("\(JournalAudit.run(found))")
            return
        }
    }
}
