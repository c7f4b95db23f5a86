import Composition
import DrillEngine
import InMemoryTransport
import Scenarios
import Simulation
import TransportCore

/// A system in simulation.
struct SimulatedWorld: World {
    let context: SimulatedContext
    let nodes: [SimulatedNode]
    /// The host of calls that only look.
    private let probe: InMemoryHost

    /// The system of `shape`, of which nothing runs yet.
    init(_ shape: SystemShape, _ context: SimulatedContext) {
        self.context = context
        self.nodes = shape.processes.flatMap { service, names in
            names.map { SimulatedNode($0, service, context) }
        }
        self.probe = context.hosts.make("probe-1", ProcessClock(context.simulation.clock))
    }

    var processes: [any WorldProcess] { self.nodes }

    var names: [String: [String]] { self.context.names.table }

    var isBusy: Bool { self.context.hosts.callsInFlight > 0 || self.context.disk.isBusy }

    /// Empty: the history tells all of a simulated process.
    var lastWords: String { "" }

    func front(for node: Node) -> any Front {
        _ = self.context.simulation.process(node.process)
        let clock = ProcessClock(self.context.simulation.clock)
        let host = self.context.hosts.make(node.process, clock)
        let gateway = Endpoint(host: "gateway", port: RehearsedEdge.port)
        return EdgeFront(edge: self.context.edge, channel: host.channel(to: gateway))
    }

    func channel(to process: any WorldProcess) -> any Channel {
        let port = process.service.standardPort
        return self.probe.channel(to: Endpoint(host: process.identity.process, port: port))
    }

    func begin(_ node: Node, _ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        self.context.simulation.process(node.process).run("client") {
            // Orders of what is done while clients work are explored, and no others.
            self.context.simulation.fixOrder(false)
            await work()
        }
    }

    /// Nothing more: what is struck asks the injector.
    func begin(_ fault: ActiveFault) {}

    func end(_ number: Int) {}

    func reset(_ fault: ActiveFault) -> Int {
        self.context.hosts.reset { fault.isAimed(from: $0, to: $1) }
    }

    func act(_ plan: FaultPlan) async -> Bool {
        switch plan.kind {
        case .authRotateKeys(let overlap): return await self.rotateKeys(overlap: overlap)
        case .step(let name): return await self.take(name)
        default: return false
        }
    }

    func clientsEnded() async { self.context.simulation.fixOrder(true) }

    func heal() { self.context.links.heal() }

    private func take(_ name: String) async -> Bool {
        guard let step = Step.named(name) else { preconditionFailure("Readers know every step.") }
        switch await step.run(self) {
        case .done: return true
        case .prevented: return false
        case .wrong(let sentence):
            self.context.recorder.fail("the step \(name): \(sentence)")
            return false
        }
    }

    /// Replaces the key that signs users' tokens, each step `overlap` after the other: it is
    /// published before it signs, and the former is withdrawn when it has not signed for long.
    ///
    /// - Returns: whether that came to its end.
    private func rotateKeys(overlap: Duration) async -> Bool {
        let clock = self.context.run.clock
        guard let provider = self.context.provider else { return false }
        while !provider.begin() {
            guard await clock.pause(System.lookInterval) else { return false }
        }
        defer { provider.end() }
        do {
            try provider.announce()
        } catch {
            self.context.recorder.fail("no further key could be made: \(error)")
            return false
        }
        guard await clock.pause(overlap) else { return false }
        provider.swap()
        guard await clock.pause(overlap) else { return false }
        provider.withdraw()
        return true
    }
}
