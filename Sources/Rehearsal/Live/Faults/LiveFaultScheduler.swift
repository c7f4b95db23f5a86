import Checkers
import Scenarios
import SimulatedDrills
import Simulation
import Synchronization

/// Lets each fault of a live run strike when its trigger says, and revert when its time is over.
final class LiveFaultScheduler: Sendable {
    typealias Work = @Sendable () async -> Void

    private let plans: [FaultPlan]
    let fleet: ProcessFleet
    let secrets: Secrets
    let injector: LiveFaultInjector
    private let board: EventBoard
    private let work: AsyncStream<Work>
    private let queue: AsyncStream<Work>.Continuation
    private let stream: Mutex<RandomStream>
    let failure = Mutex<String?>(nil)

    /// The schedule of `plans` for one run.
    init(
        _ plans: [FaultPlan],
        seed: UInt64,
        _ fleet: ProcessFleet,
        _ secrets: Secrets,
        _ injector: LiveFaultInjector,
        _ board: EventBoard
    ) {
        self.plans = plans
        self.fleet = fleet
        self.secrets = secrets
        self.injector = injector
        self.board = board
        (self.work, self.queue) = AsyncStream.makeStream(of: Work.self)
        self.stream = Mutex(RandomStream(seed: seed, name: "fault"))
    }

    /// Why a process that a fault ended did not come back, if one did not.
    var failureReason: String? { self.failure.withLock { $0 } }

    /// Sets every fault, and serves their timers until the task is cancelled.
    func run() async {
        for plan in self.plans { self.arm(plan) }
        await withDiscardingTaskGroup { group in
            for await work in self.work { group.addTask { await work() } }
            group.cancelAll()
        }
    }

    private func arm(_ plan: FaultPlan) {
        self.injector.mark(plan.id, .armed)
        switch plan.trigger {
        case .at(let time): self.later(time) { self.fire(plan) }
        case .after(let id, let delay):
            self.board.wait(for: Self.end(of: id), nth: 1) {
                self.later(delay) { self.fire(plan) }
            }
        case .on(let event, let nth): self.board.wait(for: event, nth: nth) { self.fire(plan) }
        case .every(let period, let jitter):
            self.queue.yield { await self.repeatedly(plan, period, jitter) }
        }
    }

    private func repeatedly(_ plan: FaultPlan, _ period: Duration, _ jitter: Duration) async {
        var left = plan.times ?? .max
        while !Task.isCancelled, left > 0 {
            guard await Self.pause(period + jitter * self.draw()) else { return }
            if self.draw() < plan.chance {
                self.fire(plan)
                left -= 1
            }
        }
    }

    /// Strikes now, unless it strikes once and chance spares its victim.
    private func fire(_ plan: FaultPlan) {
        if plan.drawsOnce, self.draw() >= plan.chance { return }
        self.injector.mark(plan.id, .fired)
        switch plan.scope {
        case .each(let service):
            self.queue.yield { await self.fireInTurn(plan, self.fleet.processes(named: service)) }
        case .any(let service):
            let processes = self.fleet.processes(named: service)
            let chosen = processes[self.stream.withLock { $0.below(processes.count) }]
            self.strike(plan, [chosen], chosen: chosen.identity.process)
        case .target(let name): self.strike(plan, self.fleet.processes(named: name), chosen: nil)
        case .everything: self.strike(plan, self.fleet.processes, chosen: nil)
        case .between: self.strike(plan, [], chosen: nil)
        }
    }

    private func fireInTurn(_ plan: FaultPlan, _ processes: [LiveProcess]) async {
        for process in processes where !Task.isCancelled {
            if case .procRestart(let gap) = plan.kind {
                await self.restart(plan, process, gap)
            } else {
                self.strike(plan, [process], chosen: process.identity.process)
                guard await Self.pause(plan.lasting ?? .seconds(1)) else { return }
            }
        }
        self.board.note(Self.end(of: plan.id))
    }

    private func strike(_ plan: FaultPlan, _ processes: [LiveProcess], chosen: String?) {
        switch plan.kind {
        case .procCrash(let restartAfter, _):
            for process in processes {
                self.queue.yield { await self.crash(plan, process, restartAfter) }
            }
        case .procRestart(let gap):
            self.queue.yield {
                for process in processes { await self.restart(plan, process, gap) }
            }
        case .authRotate(let overlap): self.queue.yield { await self.rotate(plan, overlap) }
        case .procPause:
            self.queue.yield {
                for process in processes where await process.pause() {
                    self.injector.mark(plan.id, .effective)
                }
            }
        case .netReset:
            let count = self.fleet.links.reset { plan.isAimed(from: $0, to: $1, chosen: chosen) }
            if count > 0 { self.injector.mark(plan.id, .effective) }
        case .authExpire, .authNotBefore, .authDropScope, .authWrongAudience:
            self.injector.begin(ActiveTokenFault(plan: plan, left: plan.strikesMax))
        default:
            self.impair(plan, chosen)
        }
        self.endLater(plan, processes)
    }

    private func impair(_ plan: FaultPlan, _ chosen: String?) {
        guard let effect = plan.kind.impairment else { return }
        let impairment = Impairment(
            effect,
            chance: plan.chanceOfChunk,
            times: plan.strikesMax,
            onEffect: { self.injector.mark(plan.id, .effective) }
        )
        let active = ActiveImpairment(
            id: plan.id,
            impairment: impairment,
            isForRequests: plan.kind.isForRequests,
            concerns: { plan.isAimed(from: $0, to: $1, chosen: chosen) }
        )
        self.fleet.links.begin(active)
    }

    private func endLater(_ plan: FaultPlan, _ processes: [LiveProcess]) {
        guard let lasting = plan.lasting else {
            if case .each = plan.scope { return }
            return self.board.note(Self.end(of: plan.id))
        }
        self.queue.yield {
            guard await Self.pause(lasting) else { return }
            self.injector.end(plan.id)
            self.fleet.links.end(plan.id)
            if plan.kind == .procPause { for process in processes { await process.resume() } }
            self.injector.mark(plan.id, .reverted)
            self.board.note(Self.end(of: plan.id))
        }
    }

    private func later(_ wait: Duration, _ body: @escaping @Sendable () -> Void) {
        self.queue.yield { if await Self.pause(wait) { body() } }
    }

    private func draw() -> Double { self.stream.withLock { $0.fraction() } }

    /// False when the run was over first.
    static func pause(_ time: Duration) async -> Bool {
        (try? await Task.sleep(for: time)) != nil
    }

    private static func end(of id: String) -> String { "fault.\(id).ended" }
}
