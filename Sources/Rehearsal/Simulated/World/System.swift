package import Composition
package import Scenarios
import Simulation

/// The nodes of a run.
final class System: Sendable {
    /// In the order in which they start: the ledger first.
    let nodes: [SimulatedNode]
    private let context: RunContext

    /// The interval at which something that must end first is looked at.
    private static let patience = Duration.milliseconds(10)

    init(_ shape: SystemShape, _ context: RunContext) {
        self.context = context
        self.nodes = shape.processes.flatMap { service, names in
            names.map { SimulatedNode($0, service, context) }
        }
    }

    /// The addresses of each service's name.
    static func names(_ shape: SystemShape) -> [String: [String]] {
        Dictionary(uniqueKeysWithValues: shape.processes.map { ($0.rawValue, $1) })
    }

    /// Those that a scenario means by `name`.
    func nodes(named name: String) -> [SimulatedNode] {
        self.nodes.filter { $0.identity.isNamed(name) }
    }

    /// Starts what does not run.
    func start() async { for node in self.nodes { await node.start() } }

    /// Drains one node and starts it again, `gap` later.
    ///
    /// - Returns: whether it ran before.
    @discardableResult
    func restart(_ node: SimulatedNode, gap: Duration) async -> Bool {
        while node.isChanging, await self.pause(Self.patience) {}
        let didRun = await node.drain()
        _ = await self.pause(gap)
        await node.start()
        return didRun
    }

    /// Replaces the secret, the former one being good for `overlap` more.
    func rotate(overlap: Duration) async {
        _ = await self.context.secrets.rotate(
            overlap: overlap,
            retry: Self.patience,
            pause: self.pause,
            restartAll: self.restartAll
        )
    }

    /// Replaces the key that signs users' tokens, each step `overlap` after the other: it is
    /// published before it signs, and the former is withdrawn when it has not signed for long.
    func rotateKeys(overlap: Duration) async {
        guard let provider = self.context.users.provider else { return }
        while !provider.begin() {
            guard await self.pause(Self.patience) else { return }
        }
        defer { provider.end() }
        do {
            try provider.announce()
        } catch {
            return self.context.recorder.fail("no further key could be made: \(error)")
        }
        guard await self.pause(overlap) else { return }
        provider.swap()
        guard await self.pause(overlap) else { return }
        provider.withdraw()
    }

    /// Undoes what faults did to processes, and starts what is down.
    func heal() async {
        for node in self.nodes {
            node.resume()
            node.process.slow(by: .zero)
            node.clock.heal()
            node.setServing(true)
            await node.start()
        }
    }

    /// Drains everything, the gateway first.
    func stop() async { for node in self.nodes.reversed() { await node.drain() } }

    /// False when the run was over first.
    private func pause(_ time: Duration) async -> Bool {
        let clock = self.context.simulation.clock
        try? await clock.sleep(until: clock.now.advanced(by: time))
        return !Task.isCancelled
    }

    private func restartAll() async {
        for node in self.nodes where !Task.isCancelled {
            await self.restart(node, gap: .milliseconds(100))
        }
    }
}

extension SystemShape {
    /// The names of the processes of each service, in the order in which they start: the ledger
    /// first.
    package var processes: [(service: ServiceName, names: [String])] {
        let counts: [(ServiceName, Int)] = [
            (.ledger, self.ledger), (.payment, self.payment), (.refund, self.refund),
            (.gateway, self.gateway),
        ]
        return counts.map { service, count in
            (service, (1...count).map { "\(service.rawValue)-\($0)" })
        }
    }
}
