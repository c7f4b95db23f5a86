import ArgumentParser
import Domain
import LedgerReports
import StorageCore

/// `runtime ledger reconcile`: compares the journal with what was settled.
struct LedgerReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Compare the journal with a settlement file; exit 2 when anything is off.",
        discussion: """
            The file is CSV with the columns reference (the id of a payment or refund), amount (minor units, \
            negative for a refund) and currency. Findings are printed as CSV: missing_in_ledger, \
            missing_in_settlement, amount_mismatch, duplicate_in_settlement.
            """
    )

    @OptionGroup
    var location: LedgerLocation

    @Option(help: "The settlement file.")
    var settlement: String

    func run() async throws {
        try await reportingFaults {
            let connection = try self.location.open()
            var (reconciliation, output, count) = (Reconciliation(), Output(), 0)
            func note(_ finding: Reconciliation.Finding?) {
                guard let finding else { return }
                if count == 0 { output.print(Reconciliation.Finding.header + "\n") }
                count += 1
                output.print(finding.line + "\n")
            }
            try self.readFile { note(reconciliation.take($0)) }
            try Self.readJournal(connection) { note(reconciliation.take($0)) }
            for finding in reconciliation.conclude() { note(finding) }
            output.flush()
            complain("\(reconciliation.matched) agree, \(count) are off")
            if count > 0 { throw LedgerCommand.somethingIsOff }
        }
    }

    private func readFile(_ take: (Settlement) -> Void) throws {
        guard let lines = LineReader(path: self.settlement) else {
            complain("\(self.settlement): cannot be read")
            throw ExitCode(66)
        }
        do throws(SettlementError) {
            let file = try SettlementFile(header: try lines.next() ?? "")
            var number = 2
            while let line = try lines.next() {
                if !line.isEmpty { take(try file.row(line, number: number)) }
                number += 1
            }
        } catch {
            complain("\(self.settlement), \(error)")
            throw ExitCode(65)
        }
    }

    private static func readJournal(
        _ connection: any JournalConnection,
        _ take: (Movement) -> Void
    ) throws {
        do throws(JournalError) {
            var after: UInt64 = 0
            while true {
                let page = try connection.movements(after: after, limit: 10_000)
                guard let last = page.last else { return }
                for movement in page { take(movement) }
                after = last.sequence
            }
        } catch {
            complain("\(error)")
            throw LedgerCommand.somethingIsOff
        }
    }
}

/// The lines of a file, one at a time, without their ends.
private final class LineReader {
    private static let pieceByteCount = 1 << 20

    private let file: FileReader
    private var piece: [UInt8] = []
    private var place = 0
    private var number = 0

    init?(path: String) {
        guard let file = FileReader(path: path) else { return nil }
        self.file = file
    }

    /// The next line; nil at the end.
    func next() throws(SettlementError) -> String? {
        self.number += 1
        var line: [UInt8] = []
        while true {
            if self.place == self.piece.count, !self.readPiece() {
                return line.isEmpty ? nil : try self.text(of: line[...])
            }
            let rest = self.piece[self.place...]
            let end = rest.firstIndex(of: UInt8(ascii: "\n"))
            let part = rest[..<(end ?? rest.endIndex)]
            self.place = end.map { $0 + 1 } ?? rest.endIndex
            if end != nil, line.isEmpty { return try self.text(of: part) }
            line += part
            if end != nil { return try self.text(of: line[...]) }
            guard line.count <= SettlementFile.lineByteCountMax else { throw self.tooLong }
        }
    }

    private func text(of line: ArraySlice<UInt8>) throws(SettlementError) -> String {
        guard line.count <= SettlementFile.lineByteCountMax else { throw self.tooLong }
        let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        return String(decoding: line, as: UTF8.self)
    }

    private var tooLong: SettlementError {
        SettlementError(
            line: self.number,
            reason: "is longer than \(SettlementFile.lineByteCountMax) bytes"
        )
    }

    /// False at the end.
    private func readPiece() -> Bool {
        self.piece = self.file.read(upTo: Self.pieceByteCount)
        self.place = 0
        return !self.piece.isEmpty
    }
}
