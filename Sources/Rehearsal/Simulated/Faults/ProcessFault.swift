import Checkers
import Scenarios
import Simulation
import Synchronization

/// The effects of a fault on processes, their clocks and their secrets.
struct ProcessFault {
    /// Takes what takes time.
    typealias Later = @Sendable (@escaping FaultScheduler.Work) -> Void

    private let plan: FaultPlan
    private let context: RunContext
    private let system: System
    private let steps: Int

    init(
        _ plan: FaultPlan,
        _ context: RunContext,
        _ system: System,
        _ stream: borrowing Mutex<RandomStream>
    ) {
        self.plan = plan
        self.context = context
        self.system = system
        self.steps =
            plan.kind.steps.map { range in
                range.lowerBound + stream.withLock { $0.below(range.count) }
            } ?? 0
    }

    /// Strikes `nodes`; what takes time goes to `later`.
    func strike(_ nodes: [SimulatedNode], _ later: @escaping Later) {
        switch self.plan.kind {
        case .procCrash(let restartAfter, _):
            for node in nodes { self.crash(node, restartAfter, later) }
        case .procRestart(let gap):
            later {
                for node in nodes where await self.system.restart(node, gap: gap) {
                    self.markEffective()
                }
            }
        case .authRotate(let overlap):
            later {
                await self.system.rotate(overlap: overlap)
                self.markEffective()
            }
        case .authRotateKeys(let overlap):
            later {
                await self.system.rotateKeys(overlap: overlap)
                self.markEffective()
            }
        case .step(let name): later { await self.take(name) }
        default:
            for node in nodes where node.isUp && self.change(node) {
                self.markEffective()
            }
        }
    }

    private func take(_ name: String) async {
        guard let step = Step.named(name) else { preconditionFailure("Readers know every step.") }
        switch await step.run(Stage(context: self.context, system: self.system)) {
        case .done: self.markEffective()
        case .prevented: break
        case .wrong(let sentence): self.context.recorder.fail("the step \(name): \(sentence)")
        }
    }

    /// False when that changed nothing.
    private func change(_ node: SimulatedNode) -> Bool {
        switch self.plan.kind {
        case .procPause:
            node.process.pause()
            self.context.recorder.note(.process(name: node.identity.process, .paused))
        case .procSlow(let delay): node.process.slow(by: delay)
        case .clockJump(let duration): node.clock.jump(by: duration)
        case .clockDrift(let rate): node.clock.drift(rate)
        case .healthNotServing: return node.setServing(false)
        case .diskBitflip: return self.context.disk.flip()
        default: return false
        }
        return true
    }

    private func crash(
        _ node: SimulatedNode,
        _ restartAfter: Duration?,
        _ later: @escaping Later
    ) {
        if self.steps == 0 {
            self.crashNow(node, restartAfter, later)
        } else {
            node.process.onStep(self.steps) { self.crashNow(node, restartAfter, later) }
        }
    }

    /// It may have waited for steps of the process until everything was healed: then it is too late.
    private func crashNow(_ node: SimulatedNode, _ restartAfter: Duration?, _ later: Later) {
        guard !self.context.injector.isHealed,
            node.crash(losesUnsynced: self.plan.losesUnsynced)
        else { return }
        self.markEffective()
        guard let restartAfter else { return }
        let clock = self.context.simulation.clock
        later {
            try? await clock.sleep(until: clock.now.advanced(by: restartAfter))
            if !Task.isCancelled { await node.start() }
        }
    }

    private func markEffective() { self.context.injector.mark(self.plan.id, .effective) }
}

extension FaultPlan.Kind {
    fileprivate var steps: ClosedRange<Int>? {
        if case .procCrash(_, let steps) = self { steps } else { nil }
    }

    /// Undoes what it did to `node`.
    func revert(on node: SimulatedNode) {
        switch self {
        case .procPause: node.resume()
        case .procSlow: node.process.slow(by: .zero)
        case .clockDrift: node.clock.drift(0)
        case .healthNotServing: node.setServing(true)
        case .diskBitflip: node.mendDisk()
        default: break
        }
    }
}
