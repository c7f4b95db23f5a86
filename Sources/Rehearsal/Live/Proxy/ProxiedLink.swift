import DrillEngine
import Simulation
import Synchronization
import TransportCore

/// A link of the system: its callers, a called process, and the path between them.
final class ProxiedLink: Sendable {
    let from: Node
    let to: Node
    /// The address at which the called process listens.
    let endpoint: Endpoint
    /// From the caller to the called.
    let forward: OneWay
    let backward: OneWay
    private let refusal = Mutex(false)

    /// The link between two nodes; its chances follow from `seed`.
    init(from: Node, to: Node, at endpoint: Endpoint, seed: UInt64) {
        let name = "\(from.process)->\(to.process)"
        self.from = from
        self.to = to
        self.endpoint = endpoint
        self.forward = OneWay(stream: RandomStream(seed: seed, name: "live/\(name)/forward"))
        self.backward = OneWay(stream: RandomStream(seed: seed, name: "live/\(name)/backward"))
    }

    /// True when new connections are reset at once.
    var isRefusing: Bool {
        get { self.refusal.withLock { $0 } }
        set { self.refusal.withLock { $0 = newValue } }
    }
}
