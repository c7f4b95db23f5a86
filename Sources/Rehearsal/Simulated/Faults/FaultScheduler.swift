import Checkers
import Scenarios
import Simulation
import Synchronization

/// Lets each fault of a run strike when its trigger says, and revert when its time is over.
final class FaultScheduler: Sendable {
    typealias Work = @Sendable () async -> Void

    private let plans: [FaultPlan]
    private let context: RunContext
    private let system: System
    private let names: RehearsedNames
    private let work: AsyncStream<Work>
    private let queue: AsyncStream<Work>.Continuation
    private let stream: Mutex<RandomStream>

    init(
        _ plans: [FaultPlan],
        _ context: RunContext,
        _ system: System,
        _ names: RehearsedNames
    ) {
        self.plans = plans
        self.context = context
        self.system = system
        self.names = names
        (self.work, self.queue) = AsyncStream.makeStream(of: Work.self)
        self.stream = Mutex(context.simulation.stream("fault"))
    }

    /// Sets every fault, and serves their timers until the task is cancelled.
    func run() async {
        for plan in self.plans { self.arm(plan) }
        await withDiscardingTaskGroup { group in
            for await work in self.work { group.addTask { await work() } }
            group.cancelAll()
        }
    }

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
            guard await self.pause(wait) else { return }
            if self.stream.withLock({ $0.chance(plan.chance) }) {
                self.fire(plan)
                left -= 1
            }
        }
    }

    /// Strikes now, unless it strikes once and chance spares its victim.
    private func fire(_ plan: FaultPlan) {
        if plan.drawsOnce, !self.stream.withLock({ $0.chance(plan.chance) }) { return }
        self.context.injector.mark(plan.id, .fired)
        switch plan.scope {
        case .each(let service):
            self.queue.yield { await self.fireInTurn(plan, self.system.nodes(named: service)) }
        case .any(let service):
            let nodes = self.system.nodes(named: service)
            let chosen = nodes[self.stream.withLock { $0.below(nodes.count) }]
            self.strikeOnce(plan, [chosen], chosen: chosen.identity.process)
        case .target(let name): self.strikeOnce(plan, self.system.nodes(named: name))
        case .everything: self.strikeOnce(plan, self.system.nodes)
        case .between: self.strikeOnce(plan, [])
        }
    }

    private func fireInTurn(_ plan: FaultPlan, _ nodes: [SimulatedNode]) async {
        for node in nodes where !Task.isCancelled {
            let name = node.identity.process
            if case .procRestart(let gap) = plan.kind {
                if await self.system.restart(node, gap: gap) {
                    self.context.injector.mark(plan.id, .effective)
                }
            } else {
                let strike = self.strike(plan, [node], chosen: name)
                guard await self.pause(plan.lasting ?? .seconds(1)) else { return }
                self.revert(plan, strike, [node])
            }
        }
        self.context.board.note(Self.end(of: plan.id))
    }

    /// Strikes, and reverts when the time of the fault is over.
    private func strikeOnce(_ plan: FaultPlan, _ nodes: [SimulatedNode], chosen: String? = nil) {
        let strike = self.strike(plan, nodes, chosen: chosen)
        guard let lasting = plan.lasting else {
            return self.context.board.note(Self.end(of: plan.id))
        }
        self.later(lasting) {
            self.revert(plan, strike, nodes)
            self.context.board.note(Self.end(of: plan.id))
        }
    }

    /// - Returns: what ends it.
    private func strike(_ plan: FaultPlan, _ nodes: [SimulatedNode], chosen: String?) -> Int? {
        if plan.kind.entry.place == .nodes {
            let queue = self.queue
            ProcessFault(plan, self.context, self.system, self.stream).strike(nodes) {
                queue.yield($0)
            }
            return nil
        }
        let fault = self.active(plan, chosen)
        guard fault.place == .connections else { return self.context.injector.begin(fault) }
        let count = self.context.hosts.reset { fault.isAimed(from: $0, to: $1) }
        if count > 0 { self.context.injector.mark(plan.id, .effective) }
        return nil
    }

    private func revert(_ plan: FaultPlan, _ strike: Int?, _ nodes: [SimulatedNode]) {
        if let strike { self.context.injector.end(strike) }
        for node in nodes { plan.kind.revert(on: node) }
        self.context.injector.mark(plan.id, .reverted)
    }

    private func active(_ plan: FaultPlan, _ chosen: String?) -> ActiveFault {
        let now = self.context.simulation.clock.now.sinceStart
        var plan = plan
        plan.chance = plan.strikingChance
        return ActiveFault(
            plan: plan,
            chosen: chosen,
            until: plan.lasting.map { now + $0 },
            frozen: self.names.table,
            left: plan.left
        )
    }

    private func later(_ wait: Duration, _ body: @escaping @Sendable () -> Void) {
        self.queue.yield { if await self.pause(wait) { body() } }
    }

    /// False when the run was over first.
    private func pause(_ time: Duration) async -> Bool {
        let clock = self.context.simulation.clock
        do {
            try await clock.sleep(until: clock.now.advanced(by: time))
            return true
        } catch {
            return false
        }
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
