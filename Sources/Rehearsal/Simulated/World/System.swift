import Composition
import Scenarios
import Simulation

/// The machines of a run.
final class System: Sendable {
    /// In the order in which they start: the ledger first.
    let machines: [Machine]
    private let site: Site

    /// How often something that must end first is looked at.
    private static let patience = Duration.milliseconds(10)

    init(_ shape: SystemShape, _ site: Site) {
        self.site = site
        self.machines = shape.processes.flatMap { service, names in
            names.map { Machine($0, service, site) }
        }
    }

    /// Where the name of each service leads.
    static func names(_ shape: SystemShape) -> [String: [String]] {
        Dictionary(uniqueKeysWithValues: shape.processes.map { ($0.rawValue, $1) })
    }

    /// Those that a scenario means by `name`.
    func machines(named name: String) -> [Machine] {
        self.machines.filter { $0.party.isNamed(name) }
    }

    /// Starts what does not run.
    func start() async { for machine in self.machines { await machine.start() } }

    /// Drains one machine and starts it again, `gap` later.
    ///
    /// - Returns: whether it ran before.
    @discardableResult
    func restart(_ machine: Machine, gap: Duration) async -> Bool {
        while machine.isChanging, await self.pause(Self.patience) {}
        let didRun = await machine.drain()
        _ = await self.pause(gap)
        await machine.start()
        return didRun
    }

    /// Replaces the secret, the former one being good for `overlap` more.
    func rotate(overlap: Duration) async {
        _ = await self.site.secrets.rotate(
            overlap: overlap,
            retry: Self.patience,
            pause: self.pause,
            restartAll: self.restartAll
        )
    }

    /// Replaces the key that signs users' tokens, each step `overlap` after the other: it is
    /// published before it signs, and the former is withdrawn when it has not signed for long.
    func rotateKeys(overlap: Duration) async {
        guard let provider = self.site.users.provider else { return }
        while !provider.begin() {
            guard await self.pause(Self.patience) else { return }
        }
        defer { provider.end() }
        do {
            try provider.announce()
        } catch {
            return self.site.recorder.fail("no further key could be made: \(error)")
        }
        guard await self.pause(overlap) else { return }
        provider.swap()
        guard await self.pause(overlap) else { return }
        provider.withdraw()
    }

    /// Undoes what faults did to processes, and starts what is down.
    func heal() async {
        for machine in self.machines {
            machine.resume()
            machine.process.slow(by: .zero)
            machine.clock.heal()
            machine.setServing(true)
            await machine.start()
        }
    }

    /// Drains everything, the gateway first.
    func stop() async { for machine in self.machines.reversed() { await machine.drain() } }

    /// False when the run was over first.
    private func pause(_ time: Duration) async -> Bool {
        let clock = self.site.simulation.clock
        try? await clock.sleep(until: clock.now.advanced(by: time))
        return !Task.isCancelled
    }

    private func restartAll() async {
        for machine in self.machines where !Task.isCancelled {
            await self.restart(machine, gap: .milliseconds(100))
        }
    }
}
