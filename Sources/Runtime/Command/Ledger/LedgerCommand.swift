import ArgumentParser
import Composition
import Domain
import StorageCore
import TransportCore

/// `runtime ledger …`: inspects and maintains the journal.
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Look into the ledger's books: verify, list, export, reconcile, back up.",
        discussion: "All but restore may run beside the ledger that serves.",
        subcommands: [
            LedgerVerifyCommand.self, LedgerBalancesCommand.self, LedgerEntriesCommand.self,
            LedgerExportCommand.self, LedgerReconcileCommand.self, LedgerBackupCommand.self,
            LedgerRestoreCommand.self, LedgerAcceptLossCommand.self,
        ]
    )

    /// The exit code for a journal that is not as it should be.
    static let somethingIsOff = ExitCode(2)
}

/// The folder of the journal, for commands that need a SQLite store.
struct LedgerFolderLocation: ParsableArguments {
    @Option(help: "The folder of the ledger's books; LEDGER_DATA when left out.")
    var data: String?

    func folder() throws -> String {
        try LedgerStore(Environment.process(data: self.data)).folder
    }
}

/// The location of the journal.
struct LedgerLocation: ParsableArguments {
    @OptionGroup
    var folder: LedgerFolderLocation

    @Option(
        help: """
            Instead of --data: the PostgreSQL that keeps the books; DATABASE_URL when left out. \
            Others on this machine may see a password in it: better in the variable.
            """
    )
    var databaseURL: String?

    /// The database of the journal.
    ///
    /// - Throws: ``ConfigurationProblem`` if the journal is in a folder.
    func database() throws(ConfigurationProblem) -> DatabaseURL {
        let variables = Environment.process(data: self.folder.data, databaseURL: self.databaseURL)
        guard case .database(let url) = try LedgerStore(variables) else {
            throw ConfigurationProblem(
                "DATABASE_URL",
                "is not set: a folder has a watermark, docs/LEDGER.md says when to remove it",
                example: "postgresql://db.example/florin"
            )
        }
        return url
    }

    /// Opens a read-only connection.
    ///
    /// - Throws: Exit code 2 if the journal is refused, 66 if there is none or it is unreachable.
    func open() throws -> any JournalConnection {
        let variables = Environment.process(data: self.folder.data, databaseURL: self.databaseURL)
        let store = try LedgerStore(variables)
        if case .folder(let path) = store, LedgerFolder.isFree(path) {
            complain("there are no books in \(path)")
            throw ExitCode(66)
        }
        do {
            return try LedgerJournal.reading(store)
        } catch let error as JournalOpenError {
            switch error {
            case .refused(let reason):
                complain(reason)
                throw LedgerCommand.somethingIsOff
            case .unavailable(let reason):
                complain(reason)
                throw ExitCode(66)
            }
        }
    }
}

extension JournalConnection {
    /// Calls `body` with every entry after `sequence`, reading page by page.
    func forEachEntry(
        after sequence: UInt64 = 0,
        limit: Int = .max,
        _ body: (ChainedEntry) throws -> Void
    ) throws {
        var (after, left) = (sequence, limit)
        while left > 0 {
            let page = try self.page(after: after, limit: min(left, 1_000))
            guard let last = page.last else { return }
            for entry in page { try body(entry) }
            after = last.sequence
            left -= page.count
        }
    }

    private func page(after sequence: UInt64, limit: Int) throws -> [ChainedEntry] {
        do throws(JournalError) {
            return try self.entries(after: sequence, limit: limit)
        } catch {
            complain("\(error)")
            throw LedgerCommand.somethingIsOff
        }
    }
}
