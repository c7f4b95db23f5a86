import Checkers
import DrillEngine
import Scenarios
import TransportCore

/// A system of real processes, with a proxy on every link.
struct LiveWorld: World {
    private let context: RunContext
    private let dependencies: LiveDependencies
    private let fleet: ProcessFleet
    /// Past the proxies, by process.
    private let channels: [String: any Channel]

    /// The system of `fleet`, whose processes are asked over `transport`.
    init(
        _ context: RunContext,
        _ dependencies: LiveDependencies,
        _ fleet: ProcessFleet,
        _ transport: any Transport
    ) {
        self.context = context
        self.dependencies = dependencies
        self.fleet = fleet
        let channels = fleet.processes.map { process in
            (process.identity.process, transport.channel(to: process.placement.endpoint))
        }
        self.channels = Dictionary(uniqueKeysWithValues: channels)
    }

    var processes: [any WorldProcess] { self.fleet.processes }

    /// Empty: names of real processes are out of reach.
    var names: [String: [String]] { [:] }

    /// False: what real processes still do is seen in the journal, which is read to its end.
    var isBusy: Bool { false }

    var lastWords: String { self.fleet.lastWords }

    func front(for node: Node) -> any Front {
        HTTPFront(
            http: self.dependencies.http,
            endpoint: self.fleet.gateway(of: node),
            board: self.context.board
        )
    }

    func channel(to process: any WorldProcess) -> any Channel {
        guard let channel = self.channels[process.identity.process] else {
            preconditionFailure("\(process.identity.process) is no process of this fleet")
        }
        return channel
    }

    func begin(_ node: Node, _ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        Task(name: node.process) { await work() }
    }

    func begin(_ fault: ActiveFault) {
        self.fleet.links.begin(fault) {
            self.context.injector.mark(fault.plan.id, .effective)
        }
    }

    func end(_ number: Int) { self.fleet.links.end(number) }

    func reset(_ fault: ActiveFault) -> Int {
        self.fleet.links.reset { fault.isAimed(atLinkFrom: $0, to: $1) }
    }

    /// False: a step, or a key of an identity provider, is not for real processes.
    func act(_ plan: FaultPlan) async -> Bool { false }

    /// Half a rotation would say nothing: one that has begun ends.
    func clientsEnded() async {
        while self.context.secrets.isRotating {
            guard await self.context.clock.pause(System.lookInterval) else { return }
        }
    }

    func heal() { self.fleet.links.heal() }
}
