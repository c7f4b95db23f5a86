import Domain
import Foundation
import StorageCore
import Testing

@testable import SQLiteStorage

@Suite("The files of a journal")
struct JournalFilesTests {
    private static let chainer = EntryChainer.blank

    /// Runs `body` with a journal of one entry in a temporary folder.
    private static func withJournal(_ body: (JournalFiles) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "journal-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = JournalFiles(folder: folder, vfs: SQLiteJournalEngine.systemFiles)
        do {
            _ = try files.openWriter(Self.chainer).commit([Self.capture("pay_1")])
        }
        try body(files)
    }

    private static func capture(_ id: String) throws -> JournalWrite {
        .capture(
            Capture(
                paymentID: try PaymentID(id),
                amount: try Amount(minorUnits: 5, currency: try Currency(code: "EUR")),
                method: .card,
                orderID: nil,
                subject: try Subject("ann")
            )
        )
    }

    /// The reason why the journal is refused; nil if it opens.
    private static func refusal(_ files: JournalFiles) -> String? {
        do throws(JournalOpenError) {
            _ = try files.openWriter(self.chainer)
            return nil
        } catch {
            if case .refused(let reason) = error { return reason }
            return "unavailable"
        }
    }

    /// Runs `sql` on the database, bypassing the journal.
    private static func tamper(_ files: JournalFiles, _ sql: String) throws {
        try files.open(.writing).execute(sql)
    }

    @Test("balances of a text that is no currency are refused", arguments: ["", "eur", "EURO"])
    func currencies(_ code: String) throws {
        try Self.withJournal { files in
            let database = try files.open(.writing)
            let statements = try JournalStatements(database)
            #expect(
                throws: SQLiteError.damaged("an entry's currency '\(code)' is not three capitals")
            ) {
                try statements.write(TrialBalance(), code)
            }
        }
    }

    @Test("a second process learns that the journal is open")
    func locked() throws {
        try Self.withJournal { files in
            let first = try files.openWriter(Self.chainer)
            let reason = try #require(Self.refusal(files))
            #expect(reason.contains("another process has the journal in \(files.folder) open"))
            withExtendedLifetime(first) {}
            let reader = try files.openReader(Self.chainer)
            #expect(try reader.entries(after: 0, limit: 9).count == 1)
        }
    }

    @Test("files removed under a running ledger accept no acknowledged commit")
    func removed() throws {
        try Self.withJournal { files in
            let writer = try files.openWriter(Self.chainer)
            try writer.probe()
            try FileManager.default.removeItem(atPath: files.folder)
            #expect(throws: JournalError.unavailable) { try writer.probe() }
            #expect(throws: JournalError.outcomeUnknown) {
                _ = try writer.commit([Self.capture("pay_2")])
            }
            #expect(writer.failure?.reason.contains("was moved or removed") == true)
        }
    }

    @Test("no entry can be changed or removed, by any connection")
    func appendOnly() throws {
        try Self.withJournal { files in
            for sql in ["UPDATE entries SET amount = 1", "DELETE FROM entries"] {
                #expect(throws: SQLiteError.self) { try Self.tamper(files, sql) }
            }
            #expect(Self.refusal(files) == nil)
        }
    }

    private static let tamperings = [
        ("DROP TRIGGER entries_stay", "triggers that guard them, were altered"),
        ("PRAGMA user_version = 2", "the journal has version 2"),
        ("PRAGMA application_id = 7", "a database of another application"),
        ("INSERT INTO accounts VALUES ('mine')", "the accounts are not those of a ledger"),
        ("UPDATE balances SET debits = 6 WHERE account = 'clearing:CARD'", "debits and credits"),
    ]

    @Test(
        "a tampered journal is refused, and the violation is named",
        arguments: tamperings
    )
    func refuses(_ sql: String, _ words: String) throws {
        try Self.withJournal { files in
            try Self.tamper(files, sql)
            let reason = try #require(Self.refusal(files))
            #expect(reason.contains(words), "\(reason)")
            #expect(reason.contains("ledger.db"))
        }
    }

    @Test("a journal that ends before its durability watermark is refused")
    func watermark() throws {
        try Self.withJournal { files in
            try DurabilityWatermark(files.watermark, vfs: files.vfs).write(7)
            let reason = try #require(Self.refusal(files))
            #expect(reason.contains("ends with entry 1, and entry 7 was durable"))
        }
    }

    @Test("a damaged watermark is refused, with a remedy", arguments: [2, 15, 17])
    func damagedMark(_ count: Int) throws {
        try Self.withJournal { files in
            try Data(repeating: 9, count: count).write(to: URL(fileURLWithPath: files.watermark))
            let reason = try #require(Self.refusal(files))
            #expect(reason.contains("ledger.mark is damaged"))
        }
    }

    @Test("a missing or foreign folder is refused")
    func folder() {
        let files = JournalFiles(folder: "/nowhere/at/all", vfs: SQLiteJournalEngine.systemFiles)
        #expect(Self.refusal(files)?.contains("/nowhere/at/all") == true)
    }
}
