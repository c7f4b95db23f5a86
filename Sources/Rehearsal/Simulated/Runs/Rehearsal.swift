import Checkers
import InMemoryTransport
import Scenarios
import Simulation
import TransportCore

/// A run: the system, its clients and its faults, from the start to the last look.
struct Rehearsal: Sendable {
    /// The interval at which pending work is looked for.
    private static let restInterval = Duration.milliseconds(50)

    private let scenario: Scenario
    let context: RunContext
    let system: System
    let links: RehearsedLinks
    let faults: FaultScheduler
    let clients: [WorkloadClient]
    private let operations: OperationBook

    /// Puts together a run of `scenario`, which swarming has resolved.
    init(
        _ scenario: Scenario,
        _ changes: CompositionChanges,
        _ simulation: Simulation,
        _ recorder: HistoryRecorder,
        seed: UInt64
    ) {
        let clock = simulation.clock
        let board = EventBoard()
        let injector = FaultInjector(
            scenario.faults,
            clock: clock,
            stream: simulation.stream("strikes"),
            note: { recorder.note($0) }
        )
        let links = RehearsedLinks(
            scenario.links,
            seed: seed,
            clock: clock,
            injector: injector,
            board: board,
            recorder: recorder
        )
        let names = RehearsedNames(System.names(scenario.system), injector: injector)
        let disk = Disk(
            clock: clock,
            injector: injector,
            stream: simulation.stream("disk")
        ) { posted, balances in
            recorder.note(.committed(posted))
            recorder.note(.balances(balances))
            board.note("ledger.committed")
        } onAnswer: { isAgain in
            if isAgain { recorder.count("duplicate_suppressed") }
            board.note("ledger.acknowledged")
        }
        let network = InMemoryNetwork(
            timeline: Timeline(ringing: ProcessClock(clock)),
            links: links,
            names: names
        )
        let provider = scenario.identityProvider(clock)
        let secrets = Secrets(hasProvider: provider != nil, settings: scenario.settings)
        self.scenario = scenario
        self.links = links
        self.context = RunContext(
            simulation: simulation,
            network: network,
            hosts: Hosts(network),
            names: names,
            secrets: secrets,
            users: UserKeys(secrets: secrets, provider: provider),
            disk: disk,
            injector: injector,
            board: board,
            recorder: recorder,
            operations: OperationBook(),
            edge: RehearsedEdge(),
            changes: changes
        )
        self.system = System(scenario.system, self.context)
        self.operations = self.context.operations
        self.clients = WorkloadClient.all(scenario.clients, self.context, self.operations)
        self.faults = FaultScheduler(scenario.faults, self.context, self.system, names)
    }

    /// Runs it.
    func run() async {
        self.context.simulation.fixOrder(true)
        await self.system.start()
        let finalCheck = FinalCheck(self.context, self.system, self.operations)
        let faults = Task(name: "faults") { await self.faults.run() }
        let watch = Task(name: "watch") { await finalCheck.watch() }
        await self.runClients()
        self.context.simulation.fixOrder(true)
        faults.cancel()
        watch.cancel()
        await watch.value
        await self.heal()
        await faults.value
        await self.audit(finalCheck)
        await self.rest()
        self.context.recorder.close()
        await self.system.stop()
        await self.context.network.close()
    }

    var tallies: [FaultTally] { self.context.injector.tallies }

    /// Lets every client finish, or gives up on them when the time of the run is over.
    private func runClients() async {
        let clock = self.context.simulation.clock
        let end = clock.now.advanced(by: self.scenario.run.virtualTimeMax)
        let clients = ClientPool(self.clients) { client in
            // Orders of what is done while clients work are explored, and no others.
            self.context.simulation.fixOrder(false)
            await client.run()
        }
        let timer = Task(name: "end of the run") {
            try? await clock.sleep(until: end)
            clients.cancel()
        }
        await clients.join()
        timer.cancel()
        await timer.value
    }

    private func heal() async {
        self.context.injector.heal()
        self.links.heal()
        await self.system.heal()
    }

    private func audit(_ finalCheck: FinalCheck) async {
        guard await finalCheck.awaitHealth(within: self.scenario.liveness.within) else {
            let limit = self.scenario.liveness.within
            return self.context.recorder.fail(
                "not everybody serves \(limit) after everything was healed"
            )
        }
        await self.settle()
        await finalCheck.readBack(self.operations.acknowledgedPayments)
    }

    /// Waits until nothing is pending anywhere, whoever has given up on it.
    private func rest() async {
        let clock = self.context.simulation.clock
        let end = clock.now.advanced(by: self.scenario.liveness.within)
        while self.context.hosts.callsInFlight > 0 || self.context.disk.isBusy {
            guard clock.now < end else {
                let limit = self.scenario.liveness.within
                return self.context.recorder.fail(
                    "calls are still pending \(limit) after everything was healed"
                )
            }
            try? await clock.sleep(until: clock.now.advanced(by: Self.restInterval))
        }
    }

    /// Asks again for everything whose outcome its client never learned.
    private func settle() async {
        for operation in self.operations.unknown {
            await self.clients.first { $0.process.name == operation.client }?.settle(operation)
        }
    }
}

extension Scenario {
    /// The maker of users' tokens, when a fault strikes the keys that gateways know them by.
    fileprivate func identityProvider(_ clock: VirtualClock) -> IdentityProvider? {
        guard self.faults.contains(where: { $0.kind.isForUserKeys }) else { return nil }
        do {
            return try IdentityProvider { clock.now.sinceStart }
        } catch {
            preconditionFailure("A key that is right in every run is no key: \(error)")
        }
    }
}

extension FaultPlan.Kind {
    /// True when it strikes the public keys of users' tokens.
    fileprivate var isForUserKeys: Bool {
        switch self {
        case .authJWKSDown, .authRotateKeys: true
        default: false
        }
    }
}
