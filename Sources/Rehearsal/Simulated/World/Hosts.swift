import DrillEngine
import InMemoryTransport
import Synchronization
import TransportCore

/// The hosts of a run, so that faults can strike connections between them.
final class Hosts: Sendable {
    private let network: InMemoryNetwork
    private let hosts = Mutex<[String: InMemoryHost]>([:])

    init(_ network: InMemoryNetwork) { self.network = network }

    /// A host for the process `name`; a later one of the same name is its restart.
    func make(_ name: String, _ clock: ProcessClock) -> InMemoryHost {
        let host = self.network.host(name, timeline: Timeline(ringing: clock))
        self.hosts.withLock { $0[name] = host }
        return host
    }

    /// Ends every call in flight from one node to another that `isConcerned` accepts.
    ///
    /// - Returns: how many there were.
    func reset(where isConcerned: (Node, Node) -> Bool) -> Int {
        let hosts = self.hosts.withLock { $0 }
        let names = hosts.keys.sorted()
        return names.reduce(0) { count, from in
            let others = names.filter { isConcerned(Node(from), Node($0)) }
            return count + others.reduce(0) { $0 + (hosts[from]?.resetConnections(to: $1) ?? 0) }
        }
    }

    /// The number of calls that a server took and has not answered.
    var callsInFlight: Int {
        self.hosts.withLock { $0 }.values.reduce(0) { $0 + $1.callsInFlight }
    }
}
