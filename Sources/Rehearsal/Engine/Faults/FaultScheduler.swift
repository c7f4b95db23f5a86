import Checkers
package import Scenarios
import Simulation
import Synchronization

/// Lets each fault of a run strike when its trigger says, and revert when its time is over.
package final class FaultScheduler: Sendable {
    package typealias Work = @Sendable () async -> Void

    private let plans: [FaultPlan]
    private let context: RunContext
    private let world: any World
    private let system: System
    private let work: AsyncStream<Work>
    private let queue: AsyncStream<Work>.Continuation
    private let stream: Mutex<RandomStream>
    private let isClosed = Mutex(false)

    /// The schedule of `plans` for one run.
    package init(_ plans: [FaultPlan], _ context: RunContext, _ world: any World) {
        self.plans = plans
        self.context = context
        self.world = world
        self.system = System(world, context)
        (self.work, self.queue) = AsyncStream.makeStream(of: Work.self)
        self.stream = Mutex(context.stream("fault"))
    }

    /// Sets every fault, and serves their timers until the task is cancelled.
    package func run() async {
        for plan in self.plans { self.arm(plan) }
        await withDiscardingTaskGroup { group in
            for await work in self.work { group.addTask { await work() } }
            group.cancelAll()
        }
    }

    /// Lets no fault fire any more; what has fired goes on until the task of ``run()`` is cancelled.
    package func close() { self.isClosed.withLock { $0 = true } }

    private func arm(_ plan: FaultPlan) {
        self.context.injector.mark(plan.id, .armed)
        switch plan.trigger {
        case .at(let time): self.later(time) { self.fire(plan) }
        case .after(let id, let delay):
            self.context.board.wait(for: Self.end(of: id), nth: 1) {
                self.later(delay) { self.fire(plan) }
            }
        case .on(let event, let nth):
            self.context.board.wait(for: event, nth: nth) { self.fire(plan) }
        case .every(let period, let jitter):
            self.queue.yield { await self.repeatedly(plan, period, jitter) }
        }
    }

    private func repeatedly(_ plan: FaultPlan, _ period: Duration, _ jitter: Duration) async {
        var left = plan.times ?? .max
        while !Task.isCancelled, left > 0 {
            let wait = period + jitter * self.stream.withLock { $0.fraction() }
            guard await self.context.clock.pause(wait) else { return }
            if self.stream.withLock({ $0.chance(plan.chance) }) {
                self.fire(plan)
                left -= 1
            }
        }
    }

    /// Fires now, unless the schedule is closed, or a fault that draws once a firing loses its draw.
    private func fire(_ plan: FaultPlan) {
        guard !self.isClosed.withLock({ $0 }) else { return }
        if plan.drawsOnce, !self.stream.withLock({ $0.chance(plan.chance) }) { return }
        self.context.injector.mark(plan.id, .fired)
        switch plan.scope {
        case .each(let service):
            self.queue.yield {
                await self.fireInTurn(plan, self.system.processes(named: service))
            }
        case .any(let service):
            let processes = self.system.processes(named: service)
            let chosen = processes[self.stream.withLock { $0.below(processes.count) }]
            self.strikeOnce(plan, [chosen], chosen: chosen.identity.process)
        case .target(let name): self.strikeOnce(plan, self.system.processes(named: name))
        case .everything: self.strikeOnce(plan, self.system.processes)
        case .between: self.strikeOnce(plan, [])
        }
    }

    private func fireInTurn(_ plan: FaultPlan, _ processes: [any WorldProcess]) async {
        for process in processes where !Task.isCancelled {
            if case .procRestart(let gap) = plan.kind {
                if await self.system.restart(process, gap: gap) {
                    self.context.injector.mark(plan.id, .effective)
                }
            } else {
                let strike = self.strike(plan, [process], chosen: process.identity.process)
                guard await self.context.clock.pause(plan.lasting ?? .seconds(1)) else { return }
                self.revert(plan, strike)
            }
        }
        self.context.board.note(Self.end(of: plan.id))
    }

    /// Strikes, and reverts when the time of the fault is over.
    private func strikeOnce(
        _ plan: FaultPlan,
        _ processes: [any WorldProcess],
        chosen: String? = nil
    ) {
        let strike = self.strike(plan, processes, chosen: chosen)
        guard let lasting = plan.lasting else {
            return self.context.board.note(Self.end(of: plan.id))
        }
        self.later(lasting) {
            self.revert(plan, strike)
            self.context.board.note(Self.end(of: plan.id))
        }
    }

    private func strike(
        _ plan: FaultPlan,
        _ processes: [any WorldProcess],
        chosen: String?
    ) -> Strike {
        if plan.kind.entry.place == .nodes {
            let fault = ProcessFault(plan, self.context.injector, self.queue, self.stream)
            fault.strike(processes, of: self.world, self.system)
            return .processes(fault, processes)
        }
        var fault = self.active(plan, chosen)
        if fault.place == .connections {
            if self.world.reset(fault) > 0 { self.context.injector.mark(plan.id, .effective) }
            return .connections
        }
        fault.number = self.context.injector.begin(fault)
        self.world.begin(fault)
        return .active(fault.number)
    }

    private func revert(_ plan: FaultPlan, _ strike: Strike) {
        switch strike {
        case .processes(let fault, let processes):
            for process in processes { process.revert(fault) }
        case .active(let number):
            self.context.injector.end(number)
            self.world.end(number)
        case .connections: break
        }
        self.context.injector.mark(plan.id, .reverted)
    }

    /// A strike, with what its end needs.
    private enum Strike {
        case processes(ProcessFault, [any WorldProcess])
        case active(Int)
        /// Connections that are broken stay so.
        case connections
    }

    private func active(_ plan: FaultPlan, _ chosen: String?) -> ActiveFault {
        let now = self.context.clock.elapsed
        var plan = plan
        plan.chance = plan.strikingChance
        return ActiveFault(
            plan: plan,
            chosen: chosen,
            until: plan.lasting.map { now + $0 },
            frozen: self.world.names,
            left: plan.left
        )
    }

    private func later(_ wait: Duration, _ body: @escaping @Sendable () -> Void) {
        self.queue.yield { if await self.context.clock.pause(wait) { body() } }
    }

    private static func end(of id: String) -> String { "fault.\(id).ended" }
}

extension FaultPlan {
    /// The chance that it strikes each thing that it could; a repeated fault has drawn already.
    fileprivate var strikingChance: Double {
        switch self.kind {
        case .netDrop(let chance), .netDuplicate(let chance), .netReorder(let chance): chance
        default: self.isRepeated ? 1 : self.chance
        }
    }

    /// The strikes of one firing: a repeated one without a time of its own acts once.
    fileprivate var left: Int? {
        guard self.isRepeated else { return self.times }
        return self.lasting == nil ? 1 : nil
    }

    fileprivate var isRepeated: Bool { if case .every = self.trigger { true } else { false } }

    /// True when there is one thing that it may strike or spare, when it fires.
    fileprivate var drawsOnce: Bool {
        !self.isRepeated && [.nodes, .connections].contains(self.kind.entry.place)
    }
}
