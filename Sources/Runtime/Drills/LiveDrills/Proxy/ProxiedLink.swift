import Simulation
import Synchronization

/// One link of the system: whoever calls, one process that is called, and what lies between.
final class ProxiedLink: Sendable {
    let from: LiveParty
    let to: LiveParty
    /// Where the called process listens on loopback.
    let port: Int
    /// From the caller to the called.
    let forward: OneWay
    let backward: OneWay
    private let refusal = Mutex(false)

    /// The link between two parties; its chances follow from `seed`.
    init(from: LiveParty, to: LiveParty, port: Int, seed: UInt64) {
        let name = "\(from.process)->\(to.process)"
        self.from = from
        self.to = to
        self.port = port
        self.forward = OneWay(stream: RandomStream(seed: seed, name: "live/\(name)/forward"))
        self.backward = OneWay(stream: RandomStream(seed: seed, name: "live/\(name)/backward"))
    }

    /// Whether new connections are reset at once.
    var isRefusing: Bool {
        get { self.refusal.withLock { $0 } }
        set { self.refusal.withLock { $0 = newValue } }
    }
}

/// One end of a link: a process, and the service or kind of client that it belongs to.
struct LiveParty: Hashable, Sendable {
    /// Such as `payment-2`.
    let process: String
    /// Such as `payment`.
    let group: String

    /// The party that runs as `process`.
    init(_ process: String) {
        self.process = process
        self.group = process.lastIndex(of: "-").map { String(process[..<$0]) } ?? process
    }

    /// Whether a scenario's `name` means this party.
    func isNamed(_ name: String) -> Bool { name == self.process || name == self.group }

    func isNamed(in names: [String]) -> Bool { names.contains { self.isNamed($0) } }
}
