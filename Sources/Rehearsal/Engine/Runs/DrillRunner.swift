import Checkers
package import Scenarios

/// A run in either world: the system, its clients and its faults, from the start to the last look.
package struct DrillRunner: Sendable {
    /// The interval at which pending work is looked for.
    private static let restInterval = Duration.milliseconds(50)

    private let scenario: Scenario
    private let context: RunContext
    private let world: any World
    package let system: System
    package let faults: FaultScheduler
    package let clients: [WorkloadClient]

    /// Puts together a run of `scenario`, which its seed has resolved, in `world`.
    package init(_ scenario: Scenario, _ context: RunContext, _ world: any World) {
        self.scenario = scenario
        self.context = context
        self.world = world
        self.system = System(world, context)
        self.clients = WorkloadClient.all(scenario.clients, context, world)
        self.faults = FaultScheduler(scenario.faults, context, world)
    }

    /// Runs it, and leaves the system running; why it could not go on is with the recorder.
    ///
    /// A cancelled run ends soon, and nothing was judged.
    package func run() async {
        await self.system.start()
        guard self.context.recorder.failure == nil else { return }
        let finalCheck = FinalCheck(self.context, self.world)
        let faults = Task(name: "faults") { await self.faults.run() }
        let watch = Task(name: "watch") { await finalCheck.watch() }
        await self.runClients()
        self.faults.close()
        await self.world.clientsEnded()
        faults.cancel()
        watch.cancel()
        await watch.value
        if !Task.isCancelled { await self.heal() }
        await faults.value
        guard !Task.isCancelled else { return }
        // A strike of a fault that was ending may have come after the first healing.
        await self.system.heal()
        await self.audit(finalCheck)
        await self.rest()
    }

    /// Lets every client finish, or gives up on them when the time of the run is over.
    private func runClients() async {
        let end = self.context.clock.elapsed + self.scenario.run.virtualTimeMax
        let clients = ClientPool(self.clients, in: self.world)
        let timer = Task(name: "end of the run") {
            _ = await self.context.clock.sleep(until: end)
            clients.cancel()
        }
        await clients.join()
        timer.cancel()
        await timer.value
    }

    private func heal() async {
        self.context.injector.heal()
        self.world.heal()
        await self.system.heal()
    }

    private func audit(_ finalCheck: FinalCheck) async {
        guard await finalCheck.awaitHealth(within: self.scenario.liveness.within) else {
            return Task.isCancelled ? () : self.fail("not every process serves")
        }
        await finalCheck.presentRetiredToken()
        await self.settle()
        await finalCheck.readBack(self.context.operations.acknowledgedPayments)
    }

    /// Waits until nothing is pending that the world knows of.
    private func rest() async {
        let end = self.context.clock.elapsed + self.scenario.liveness.within
        while self.world.isBusy, !Task.isCancelled {
            guard self.context.clock.elapsed < end else {
                return self.fail("calls are still pending")
            }
            _ = await self.context.clock.pause(Self.restInterval)
        }
    }

    /// Asks again where a client never learned the outcome and asking twice is safe.
    private func settle() async {
        for operation in self.context.operations.unknown where !Task.isCancelled {
            await self.clients.first { $0.node.process == operation.client }?.settle(operation)
        }
    }

    private func fail(_ fact: String) {
        let words = self.world.lastWords
        self.context.recorder.fail(
            "\(fact) \(self.scenario.liveness.within) after everything was healed"
                + (words.isEmpty ? "" : ":\n\(words)")
        )
    }
}
