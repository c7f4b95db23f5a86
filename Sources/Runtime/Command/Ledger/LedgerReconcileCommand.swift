import ArgumentParser
import Console
import Domain
import LedgerReports
import StorageCore
import SystemPackage

/// `runtime ledger reconcile`: compares the journal with a settlement file.
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
            var (reconciliation, output, count) = (Reconciliation(), OutputBuffer(), 0)
            func note(_ finding: Reconciliation.Finding?) throws {
                guard let finding else { return }
                if count == 0 { try output.add(Reconciliation.Finding.header + "\n") }
                count += 1
                try output.add(finding.line + "\n")
            }
            try self.readFile { try note(reconciliation.take($0)) }
            try Self.readJournal(connection) { try note(reconciliation.take($0)) }
            for finding in reconciliation.conclude() { try note(finding) }
            try output.flush()
            complain("\(reconciliation.matched) agree, \(count) are off")
            if count > 0 { throw LedgerCommand.somethingIsOff }
        }
    }

    private func readFile(_ take: (Settlement) throws -> Void) throws {
        do {
            let lines = try LineReader(path: self.settlement)
            let file = try SettlementFile(header: try lines.next() ?? "")
            var number = 2
            while let line = try lines.next() {
                if !line.isEmpty { try take(try file.row(line, number: number)) }
                number += 1
            }
        } catch let error as SettlementError {
            complain("\(self.settlement), \(error)")
            throw ExitCode(65)
        } catch let error as Errno {
            complain("\(self.settlement): cannot be read: \(error)")
            throw ExitCode(66)
        }
    }

    private static func readJournal(
        _ connection: any JournalConnection,
        _ take: (Movement) throws -> Void
    ) throws {
        do {
            var after: UInt64 = 0
            while true {
                let page = try connection.movements(after: after, limit: 10_000)
                guard let last = page.last else { return }
                for movement in page { try take(movement) }
                after = last.sequence
            }
        } catch let error as JournalError {
            complain("\(error)")
            throw LedgerCommand.somethingIsOff
        }
    }
}

/// Reads a file line by line, without line breaks.
private final class LineReader {
    private static let pieceByteCount = 1 << 20

    private let file: FileReader
    private var piece: [UInt8] = []
    private var place = 0
    private var number = 0

    init(path: String) throws { self.file = try FileReader(path: path) }

    /// The next line; nil at the end.
    func next() throws -> String? {
        self.number += 1
        var line: [UInt8] = []
        while true {
            if self.place == self.piece.count, try !self.readPiece() {
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

    /// Returns false at the end of the file.
    private func readPiece() throws -> Bool {
        self.piece = try self.file.read(upTo: Self.pieceByteCount)
        self.place = 0
        return !self.piece.isEmpty
    }
}
