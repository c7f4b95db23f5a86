import ArgumentParser
import Console
import Domain
import StorageCore

/// `runtime ledger verify`: verifies the whole journal; exits with 2 at the first violation.
struct LedgerVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "Check every entry, the chain of their hashes, and the balances; exit 2 if broken."
    )

    @OptionGroup
    var location: LedgerLocation

    @Option(
        help: """
            The file that a ledger keeps by LEDGER_WATERMARK: the journal must hold the entry that it \
            names. Books in a folder are compared with their durability watermark anyway.
            """
    )
    var watermark: String?

    func run() async throws {
        try await reportingFaults {
            let connection = try self.location.open()
            try self.compareWatermark(connection)
            switch JournalAudit.run(connection) {
            case .whole(let report):
                try StandardOutput.print(
                    "whole: \(report.entries) entries, \(report.captures) captures, \(report.refunds) refunds"
                )
                try StandardOutput.print("head: \(report.head.hash)")
            case .broken(let entry, let reason):
                complain(entry.map { "broken at entry \($0): \(reason)" } ?? "broken: \(reason)")
                throw LedgerCommand.somethingIsOff
            }
        }
    }

    private func compareWatermark(_ connection: any JournalConnection) throws {
        guard let watermark else { return }
        let file = try WatermarkFile(watermark, makes: false) { _ in }
        do {
            let head = try file.read()
            if try connection.holds(head) { return }
            complain("broken: entry \(head.sequence) with the hash \(head.hash) was acknowledged")
        } catch let error as JournalOpenError {
            switch error {
            case .refused(let reason), .unavailable(let reason): complain(reason)
            }
        } catch { complain("\(error)") }
        throw LedgerCommand.somethingIsOff
    }
}

/// `runtime ledger balances`: prints a line for each account and currency.
struct LedgerBalancesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "balances",
        abstract: "Print debits, credits and balance of every account, in minor units."
    )

    @OptionGroup
    var location: LedgerLocation

    func run() async throws {
        try await reportingFaults {
            guard case .whole(let report) = JournalAudit.run(try self.location.open()) else {
                complain("the journal is broken: runtime ledger verify says where")
                throw LedgerCommand.somethingIsOff
            }
            try StandardOutput.print("currency account debits credits balance")
            for line in report.balances {
                let (debits, credits) = (line.balance.debits, line.balance.credits)
                try StandardOutput.print(
                    "\(line.currency) \(line.account) \(debits) \(credits) \(debits - credits)"
                )
            }
        }
    }
}
