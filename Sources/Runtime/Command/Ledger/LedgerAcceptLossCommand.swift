import ArgumentParser
import Composition
import Console
import Domain
import StorageCore
import TransportCore

/// `runtime ledger accept-loss`: lets ledgers continue although the database lacks an acknowledged
/// entry.
struct LedgerAcceptLossCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept-loss",
        abstract: "Accept for good that an acknowledged entry is not in the database any more.",
        discussion: """
            A ledger that finds its last acknowledged entry missing refuses to serve, and names it. This \
            writes it into the table losses, where it stays, with the time and the user; ledgers that \
            acknowledged it go on by themselves, also those that run.
            """
    )

    @OptionGroup
    var location: LedgerLocation

    @Option(help: "The number of the entry, as the ledger named it.")
    var sequence: UInt64

    @Option(help: "Its hash.")
    var hash: String

    func validate() throws {
        guard self.sequence > 0 else { throw ValidationError("--sequence is 1 or more") }
        guard EntryHash(hex: self.hash) != nil else {
            throw ValidationError("--hash has 64 digits, 0 to 9 and a to f")
        }
    }

    func run() async throws {
        try await reportingFaults {
            guard let hash = EntryHash(hex: self.hash) else { return }
            let lost = JournalHead(sequence: self.sequence, hash: hash)
            let url = try self.location.database()
            let isLost: Bool
            do throws(JournalOpenError) {
                isLost = try LedgerJournal.accept(lossOf: lost, in: url)
            } catch {
                switch error {
                case .refused(let reason), .unavailable(let reason): complain(reason)
                }
                throw LedgerCommand.somethingIsOff
            }
            guard isLost else {
                complain("nothing is lost: the journal holds entry \(self.sequence) with this hash")
                throw LedgerCommand.somethingIsOff
            }
            try StandardOutput.print(
                "the loss of entry \(self.sequence) is accepted; the table losses says so"
            )
        }
    }
}
