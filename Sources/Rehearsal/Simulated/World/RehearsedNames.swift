import DrillEngine
import InMemoryTransport
import Scenarios
import Synchronization
import TransportCore

/// The names of services, as the processes of a run can look them up.
final class RehearsedNames: NameService {
    private let hosts: [String: [String]]
    private let injector: FaultInjector
    private let gone = Mutex<Set<String>>([])

    /// Names by the processes that they lead to.
    init(_ hosts: [String: [String]], injector: FaultInjector) {
        self.hosts = hosts
        self.injector = injector
    }

    /// A process came, or went: names do not lead to it while it is away.
    func changed(_ process: String, isThere: Bool) {
        self.gone.withLock { gone in
            if isThere { gone.remove(process) } else { gone.insert(process) }
        }
    }

    /// The targets of names now.
    var table: [String: [String]] {
        let gone = self.gone.withLock { $0 }
        return self.hosts.mapValues { hosts in hosts.filter { !gone.contains($0) } }
    }

    func hosts(of name: String, for asker: String) throws(RPCError) -> [String] {
        let asker = Node(asker)
        if asker.isProbe { return self.hosts[name] ?? [name] }
        let failed = self.injector.struck { $0.plan.kind == .dnsFail && $0.isAimed(asker, name) }
        if failed != nil { throw Self.nobody(name) }
        let found = self.present(name)
        let stale = self.injector.struck {
            $0.plan.kind == .dnsStale && $0.isAimed(asker, name) && $0.frozen[name] != found
        }
        let hosts = stale?.frozen[name] ?? found
        if hosts.isEmpty { throw Self.nobody(name) }
        return hosts
    }

    private func present(_ name: String) -> [String] {
        guard let hosts = self.hosts[name] else { return [name] }
        return self.gone.withLock { gone in
            gone.isEmpty ? hosts : hosts.filter { !gone.contains($0) }
        }
    }

    private static func nobody(_ name: String) -> RPCError {
        RPCError(.unavailable, "no address for \(name)", wasNeverProcessed: true)
    }
}

extension ActiveFault {
    /// True when it strikes `asker`, or what `asker` asks for.
    fileprivate func isAimed(_ asker: Node, _ name: String) -> Bool {
        self.isAimed(at: asker) || self.plan.scope == .target(name)
    }
}
