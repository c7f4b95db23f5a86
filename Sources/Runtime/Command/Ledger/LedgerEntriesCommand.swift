import ArgumentParser
import Console
import Domain
import LedgerReports
import StorageCore

/// `runtime ledger entries`: prints entries as JSON Lines.
struct LedgerEntriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "entries",
        abstract: "Print entries as JSON Lines, in order."
    )

    @OptionGroup
    var location: LedgerLocation

    @Option(help: "The last sequence already seen.")
    var after: UInt64 = 0

    @Option(help: "At most this many.")
    var limit = Int.max

    func validate() throws {
        guard self.limit > 0 else { throw ValidationError("--limit is 1 or more") }
    }

    func run() async throws {
        try await reportingFaults {
            var output = OutputBuffer()
            try self.location.open().forEachEntry(after: self.after, limit: self.limit) {
                try output.add(EntryLine.text($0) + "\n")
            }
            try output.flush()
        }
    }
}

/// `runtime ledger export`: prints the whole journal for other programs.
struct LedgerExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print the whole journal, as JSON Lines or as an hledger journal."
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case jsonl
        case hledger
    }

    @OptionGroup
    var location: LedgerLocation

    @Option(help: "What to print.")
    var format = Format.jsonl

    func run() async throws {
        try await reportingFaults {
            let connection = try self.location.open()
            var output = OutputBuffer()
            if self.format == .hledger {
                try output.add(HledgerJournal.head(currencies: try Self.currencies(connection)))
            }
            try connection.forEachEntry { entry in
                switch self.format {
                case .jsonl: try output.add(EntryLine.text(entry) + "\n")
                case .hledger: try output.add(HledgerJournal.transaction(entry))
                }
            }
            try output.flush()
        }
    }

    /// The journal's currencies; hledger requires their declaration before use.
    private static func currencies(_ connection: any JournalConnection) throws -> [Currency] {
        var codes: Set<Currency> = []
        try connection.forEachEntry { codes.insert($0.entry.transfer.amount.currency) }
        return codes.sorted { $0.code < $1.code }
    }
}
