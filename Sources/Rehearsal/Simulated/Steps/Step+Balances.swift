import Composition
import DrillEngine
import InMemoryTransport
import ServiceMessages
import Simulation
import SwiftProtobuf
import TransportCore

extension Step {
    /// Asks the ledger for the balance of every account, until two rounds agree, and adds them up.
    ///
    /// Balances only grow: when two rounds agree, nothing was booked between them.
    static let checkBalances = Step(name: "check_balances") { world in
        var former: [Balance]?
        for _ in 0..<roundsMax where !Task.isCancelled {
            guard let round = await Balance.all(world.context) else { return .prevented }
            if round == former { return sum(of: round) }
            former = round
        }
        return .prevented
    }

    private static let roundsMax = 20

    private static func sum(of balances: [Balance]) -> Result {
        let debits = balances.reduce(0) { $0 + $1.debits }
        let credits = balances.reduce(0) { $0 + $1.credits }
        guard debits != credits else { return .done }
        return .wrong("all debits are \(debits), and all credits \(credits)")
    }
}

/// The ledger's report on one account.
private struct Balance: Hashable {
    let debits: Int64
    let credits: Int64

    private static let accounts = [
        "clearing:BANK", "clearing:CARD", "clearing:WALLET", "merchant",
    ]

    /// Asks for all balances once; nil when an answer did not come.
    static func all(_ context: SimulatedContext) async -> [Balance]? {
        // Nothing strikes a probe on its way.
        let host = context.hosts.make("probe-2", ProcessClock(context.simulation.clock))
        let ledger = Endpoint(host: "ledger-1", port: ServiceName.ledger.standardPort)
        let channel = host.channel(to: ledger)
        var balances: [Balance] = []
        for account in self.accounts {
            guard
                let call = Inquiry(context.run).call(
                    .ledger,
                    "\(LedgerBinding.service)/GetBalance"
                ),
                let balance = await self.read(account, over: channel, call)
            else { return nil }
            balances.append(balance)
        }
        return balances
    }

    private static func read(
        _ account: String,
        over channel: any Channel,
        _ call: OutgoingCall
    ) async -> Balance? {
        let request = Ledger_GetBalanceRequest.with { $0.account = account }
        guard let message: [UInt8] = try? request.serializedBytes(),
            let reply = try? await channel.unary(call, message),
            let answer = try? Ledger_GetBalanceResponse(serializedBytes: reply.message)
        else { return nil }
        return Balance(debits: answer.debits, credits: answer.credits)
    }
}
