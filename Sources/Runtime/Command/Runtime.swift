import ArgumentParser
import Composition
import Console

/// The command `runtime`: serves the system or a part of it, mints tokens, checks health, inspects
/// the ledger.
@main
struct Runtime: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runtime",
        abstract: "Florin, a payments backbone: gateway, payment, refund and ledger services.",
        discussion: """
            Try it: runtime --dev
            Variables: JWT_SECRET_KEY, JWT_ALGORITHM, JWT_ISSUER, JWT_AUDIENCE, SERVICE_PORT, GATEWAY_PORT, \
            PAYMENT_SERVICE_HOST, PAYMENT_SERVICE_PORT and the like; docs/CONFIGURATION.md has them all.
            """,
        version: Release.named(revision: Environment.revision),
        subcommands: [
            ServeCommand.self, TokenCommand.self, HealthCommand.self, LedgerCommand.self,
            RelayCommand.self,
        ],
        defaultSubcommand: ServeCommand.self
    )

    static func main() async { await self.runToExit() }
}
