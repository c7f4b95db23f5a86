import InMemoryTransport
import Scenarios
import TransportCore

/// The names of services, as the processes of a run can look them up.
final class RehearsedNames: NameService {
    private let hosts: [String: [String]]
    private let strikes: Strikes

    /// Names by the processes that they lead to.
    init(_ hosts: [String: [String]], strikes: Strikes) {
        self.hosts = hosts
        self.strikes = strikes
    }

    /// Where names lead now.
    var table: [String: [String]] { self.hosts }

    func hosts(of name: String, for asker: String) throws(RPCError) -> [String] {
        let asker = Party(asker)
        let failed = self.strikes.struck { $0.plan.kind == .dnsFail && $0.isAimed(asker, name) }
        if failed != nil {
            throw RPCError(.unavailable, "no address for \(name)", wasNeverProcessed: true)
        }
        let stale = self.strikes.struck { $0.plan.kind == .dnsStale && $0.isAimed(asker, name) }
        return stale?.frozen[name] ?? self.hosts[name] ?? [name]
    }
}

extension ActiveFault {
    /// Whether it strikes `asker`, or what `asker` asks for.
    fileprivate func isAimed(_ asker: Party, _ name: String) -> Bool {
        self.isAimed(at: asker) || self.plan.scope == .target(name)
    }
}
