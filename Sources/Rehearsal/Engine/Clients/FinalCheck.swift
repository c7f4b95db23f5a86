import Checkers
import Composition
import Domain
import Scenarios
import TransportCore

/// Checks a system after everything was healed: that all processes serve, and that what clients were
/// told is still so.
package struct FinalCheck: Sendable {
    /// Its process, which may read the payments of all users.
    package static let name = "auditor-1"

    private static let interval = Duration.milliseconds(500)

    /// The interval at which processes are asked while the clients are at work.
    private static let watchInterval = Duration.seconds(1)

    private static let timeout = Duration.seconds(1)

    private let context: RunContext
    private let world: any World
    private let client: WorkloadClient

    /// A final check of `world`.
    package init(_ context: RunContext, _ world: any World) {
        var plan = ClientPlan(name: "auditor")
        plan.scopes = Scope.ofUsers + [Scope.paymentAdmin]
        plan.retry.max = 8
        self.context = context
        self.world = world
        self.client = WorkloadClient(plan, number: 1, count: 0, context, world)
    }

    /// Asks every process that runs for its health again and again, until the task is cancelled.
    func watch() async {
        while await self.context.clock.pause(Self.watchInterval) {
            for process in self.world.processes where !Task.isCancelled {
                guard await process.isUp else { continue }
                let reading = await self.probe(process)
                if !Task.isCancelled { self.context.recorder.note(.probed(reading)) }
            }
        }
    }

    /// Asks every process for its health, and lets a canary call prove it, until all are well.
    ///
    /// - Returns: false when they were not within `limit`.
    package func awaitHealth(within limit: Duration) async -> Bool {
        let end = self.context.clock.elapsed + limit
        while !Task.isCancelled {
            let readings = await self.readings()
            let isWell = readings.allSatisfy { $0.isServing && $0.canarySucceeded != false }
            let isLast = isWell || self.context.clock.elapsed >= end
            for reading in readings {
                self.context.recorder.note(.probed(isLast ? reading : reading.withoutCanary))
            }
            if isLast { return isWell }
            _ = await self.context.clock.pause(Self.interval)
        }
        return false
    }

    /// Presents a token of the retired secret, if there is one: every process refuses it by now.
    func presentRetiredToken() async { await self.client.presentRetiredToken() }

    /// Reads every payment that a client was told of.
    func readBack(_ paymentIDs: [String]) async {
        for id in paymentIDs where !Task.isCancelled {
            await self.client.perform(.read(paymentID: id), key: nil)
        }
    }

    private func readings() async -> [HealthReading] {
        var readings: [HealthReading] = []
        for process in self.world.processes { readings.append(await self.probe(process)) }
        return readings
    }

    private func probe(_ process: any WorldProcess) async -> HealthReading {
        let isWell = await process.isWell
        guard process.service != .gateway else {
            return HealthReading(process, isServing: isWell, canary: nil)
        }
        let channel = self.world.channel(to: process)
        var isServing = await self.isServing(channel) && isWell
        let canary = Canary(process.service, self.context)
        var answer = isServing ? await canary.answer(over: channel) : nil
        if answer == .refusedByGate {
            isServing = await self.isServing(channel)
            answer = isServing ? .failure : nil
        }
        // A ledger learns that its disk fails when a call fails.
        let isSound = !self.context.injector.hasOnDisk
        return HealthReading(process, isServing: isServing, canary: isSound ? answer : nil)
    }

    private func isServing(_ channel: any Channel) async -> Bool {
        do throws(RPCError) {
            return try await HealthClient(channel).check(timeout: Self.timeout) == .serving
        } catch {
            if error.code == .resourceExhausted {
                self.context.recorder.note(.counted(metric: NeverCountedOracle.healthRefused))
            }
            return false
        }
    }
}

extension HealthReading {
    fileprivate init(_ process: any WorldProcess, isServing: Bool, canary: Canary.Answer?) {
        self.init(
            process: process.identity.process,
            service: process.service.rawValue,
            isServing: isServing,
            canarySucceeded: canary?.hasSucceeded
        )
    }

    /// The process's report of its own health alone.
    fileprivate var withoutCanary: HealthReading {
        HealthReading(
            process: self.process,
            service: self.service,
            isServing: self.isServing,
            canarySucceeded: nil
        )
    }
}
