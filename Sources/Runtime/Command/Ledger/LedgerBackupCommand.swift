import ArgumentParser
import Composition
import Console
import Domain
import StorageCore
import TransportCore

/// `runtime ledger backup`: copies the journal while the ledger serves.
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
            try await copyBooks(from: self.location.folder(), to: self.to)
        }
    }
}

/// `runtime ledger restore`: copies a backup into the empty folder of a new ledger.
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
            try await copyBooks(from: self.from, to: self.location.folder())
        }
    }
}

/// Copies the journal in one folder to another and verifies the copy.
///
/// Copies into a subfolder and moves the files up once they are complete: an interrupted copy never
/// looks like a journal.
///
/// - Throws: Exit code 73 if the folder is not empty, 66 if the source is no journal, 74 if the
///   copy cannot be written, 2 if the journal is broken.
private func copyBooks(from source: String, to folder: String) async throws {
    guard LedgerFolder.isFree(folder) else {
        complain("\(folder) is not empty: choose a new folder")
        throw ExitCode(73)
    }
    try checkSource(source)
    let unfinished = try UnfinishedCopy(in: folder)
    let report = try await Interruption.shared.ending {
        do {
            let report = try copy(from: source, into: unfinished)
            try unfinished.finish()
            return report
        } catch {
            unfinished.remove()
            throw error
        }
    } leave: {
        unfinished.remove()
    }
    try StandardOutput.print(
        "\(report.entries) entries in \(folder), whole; head: \(report.head.hash)"
    )
}

private func checkSource(_ source: String) throws {
    do throws(JournalOpenError) {
        try LedgerJournal.reading(folder: source).close()
    } catch {
        complain(error.reason)
        throw ExitCode(66)
    }
}

private func copy(from source: String, into copy: UnfinishedCopy) throws -> JournalAudit.Report {
    let copied: any JournalConnection
    do throws(JournalOpenError) {
        try LedgerJournal.copy(from: source, to: copy.path)
        copied = try LedgerJournal.reading(folder: copy.path)
    } catch {
        complain("the books cannot be copied: \(error.reason)")
        if case .refused = error { throw LedgerCommand.somethingIsOff }
        throw ExitCode(74)
    }
    guard case .whole(let report) = JournalAudit.run(copied) else {
        complain("the books in \(source) are broken, and so is the copy: runtime ledger verify")
        throw LedgerCommand.somethingIsOff
    }
    return report
}

extension JournalOpenError {
    fileprivate var reason: String {
        switch self {
        case .refused(let reason), .unavailable(let reason): reason
        }
    }
}
