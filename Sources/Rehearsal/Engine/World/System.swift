package import Composition
package import Scenarios

/// The processes of a run, as a whole.
package struct System: Sendable {
    package let processes: [any WorldProcess]
    private let context: RunContext

    /// The interval at which something that must end first is looked at.
    package static let lookInterval = Duration.milliseconds(10)

    /// The time for which a process is down when all are restarted in turn.
    private static let restartGap = Duration.milliseconds(100)

    /// The processes of `world`.
    package init(_ world: any World, _ context: RunContext) {
        self.processes = world.processes
        self.context = context
    }

    /// The processes that a scenario means by `name`.
    package func processes(named name: String) -> [any WorldProcess] {
        self.processes.filter { $0.identity.isNamed(name) }
    }

    /// Starts what does not run.
    package func start() async { for process in self.processes { await process.start() } }

    /// Drains one process and starts it again, `gap` later.
    ///
    /// - Returns: whether it ran before.
    @discardableResult
    package func restart(_ process: any WorldProcess, gap: Duration) async -> Bool {
        while await process.isChanging, await self.context.clock.pause(Self.lookInterval) {}
        let didRun = await process.drain()
        _ = await self.context.clock.pause(gap)
        await process.start()
        return didRun
    }

    /// Replaces the secret, the former one being good for `overlap` more.
    ///
    /// - Returns: whether that came to its end.
    package func rotate(overlap: Duration) async -> Bool {
        await self.context.secrets.rotate(
            overlap: overlap,
            retry: Self.lookInterval,
            pause: self.context.clock.pause,
            restartAll: self.restartAll
        )
    }

    /// Undoes what faults did to processes, and starts what is down.
    package func heal() async { for process in self.processes { await process.heal() } }

    /// Drains everything, the gateway first.
    package func stop() async { for process in self.processes.reversed() { await process.drain() } }

    private func restartAll() async {
        for process in self.processes where !Task.isCancelled {
            await self.restart(process, gap: Self.restartGap)
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

    /// The addresses of each service's name.
    package var names: [String: [String]] {
        Dictionary(uniqueKeysWithValues: self.processes.map { ($0.service.rawValue, $0.names) })
    }
}
