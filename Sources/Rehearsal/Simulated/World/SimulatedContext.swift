import Checkers
import DrillEngine
import InMemoryTransport
import Scenarios
import Simulation
import TransportCore

/// The parts that every node of a simulated run shares: the network between them, and what outlives
/// them.
struct SimulatedContext: Sendable {
    let run: RunContext
    let simulation: Simulation
    let network: InMemoryNetwork
    let hosts: Hosts
    let links: RehearsedLinks
    let names: RehearsedNames
    let disk: Disk
    let edge: RehearsedEdge
    /// The maker of users' tokens, when a fault strikes the keys that gateways know them by.
    let provider: IdentityProvider?
    let changes: CompositionChanges

    var recorder: HistoryRecorder { self.run.recorder }
    var injector: FaultInjector { self.run.injector }
    var board: EventBoard { self.run.board }
    var secrets: Secrets { self.run.secrets }

    /// The network, the names and the disk of a run of `scenario`, with what strikes them.
    init(
        _ scenario: Scenario,
        _ run: RunContext,
        _ simulation: Simulation,
        _ trace: LinkTrace,
        _ provider: IdentityProvider?,
        _ changes: CompositionChanges
    ) {
        let clock = simulation.clock
        let links = RehearsedLinks(
            scenario.links,
            seed: run.seed,
            clock: clock,
            injector: run.injector,
            board: run.board,
            trace: trace
        )
        let names = RehearsedNames(scenario.system.names, injector: run.injector)
        let network = InMemoryNetwork(
            timeline: Timeline(ringing: ProcessClock(clock)),
            links: links,
            names: names
        )
        self.run = run
        self.simulation = simulation
        self.network = network
        self.hosts = Hosts(network)
        self.links = links
        self.names = names
        self.disk = Disk(
            clock: clock,
            injector: run.injector,
            stream: run.stream("disk")
        ) { posted, balances in
            run.recorder.note(.committed(posted))
            run.recorder.note(.balances(balances))
            run.board.note("ledger.committed")
        } onAnswer: { isAgain in
            if isAgain { run.recorder.count("duplicate_suppressed") }
            run.board.note("ledger.acknowledged")
        }
        self.edge = RehearsedEdge()
        self.provider = provider
        self.changes = changes
    }
}
