import ArgumentParser
import Composition
import Domain
import StorageCore
import TransportCore

/// `runtime ledger backup`: a copy of the books, taken while the ledger serves.
struct LedgerBackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract:
            "Copy the books into a new folder, beside a ledger that serves, and verify the copy."
    )

    @OptionGroup
    var location: LedgerFolderLocation

    @Option(help: "The folder of the copy; it must not be there, or be empty.")
    var to: String

    func run() async throws {
        try await reportingFaults {
            try copyBooks(from: self.location.folder(), to: self.to)
        }
    }
}

/// `runtime ledger restore`: makes a backup the books of a ledger that is to be started.
struct LedgerRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Copy a backup into the folder of a ledger that has no books, and verify it."
    )

    @OptionGroup
    var location: LedgerFolderLocation

    @Option(help: "The folder of the backup.")
    var from: String

    func run() async throws {
        try await reportingFaults {
            try copyBooks(from: self.from, to: self.location.folder())
        }
    }
}

/// Copies the books in one folder to another, and verifies what arrived.
///
/// - Throws: exit code 73 when the folder is not empty, 66 when there are no books, 2 when they
///   are broken.
private func copyBooks(from source: String, to folder: String) throws {
    guard LedgerFolder.isFree(folder) else {
        complain("\(folder) is not empty: choose a new folder")
        throw ExitCode(73)
    }
    let target = try LedgerFolder(making: folder)
    do throws(JournalOpenError) {
        try LedgerJournal.copy(from: source, to: target.path)
    } catch {
        switch error {
        case .refused(let reason), .unavailable(let reason): complain(reason)
        }
        throw ExitCode(66)
    }
    let copied: any JournalConnection
    do {
        copied = try LedgerJournal.reading(.folder(target.path))
    } catch {
        complain("the copy cannot be opened: \(error)")
        throw LedgerCommand.somethingIsOff
    }
    guard case .whole(let report) = JournalAudit.run(copied) else {
        complain("the books in \(source) are broken, and so is the copy: runtime ledger verify")
        throw LedgerCommand.somethingIsOff
    }
    print("\(report.entries) entries in \(folder), whole; head: \(report.head.hash)")
}
