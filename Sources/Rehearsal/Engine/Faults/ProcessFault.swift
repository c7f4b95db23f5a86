import Checkers
package import Scenarios
import Simulation
import Synchronization

/// A fault of processes, as it strikes them.
package struct ProcessFault: Sendable {
    package let plan: FaultPlan
    /// The steps that a process still takes before a crash.
    package let steps: Int
    private let injector: FaultInjector
    private let queue: AsyncStream<FaultScheduler.Work>.Continuation

    init(
        _ plan: FaultPlan,
        _ injector: FaultInjector,
        _ queue: AsyncStream<FaultScheduler.Work>.Continuation,
        _ stream: borrowing Mutex<RandomStream>
    ) {
        self.plan = plan
        self.injector = injector
        self.queue = queue
        self.steps =
            plan.kind.steps.map { range in
                range.lowerBound + stream.withLock { $0.below(range.count) }
            } ?? 0
    }

    /// True when everything is healed: what had waited for something must not strike now.
    package var isTooLate: Bool { self.injector.isHealed }

    /// Counts a strike that changed something.
    package func markEffective() { self.injector.mark(self.plan.id, .effective) }

    /// Takes what takes time; it is cancelled when the run is over.
    package func later(_ work: @escaping FaultScheduler.Work) { self.queue.yield(work) }

    /// Strikes `processes`, or the system that they are.
    func strike(_ processes: [any WorldProcess], of world: any World, _ system: System) {
        switch self.plan.kind {
        case .procRestart(let gap):
            self.later {
                for process in processes where await system.restart(process, gap: gap) {
                    self.markEffective()
                }
            }
        case .authRotate(let overlap):
            self.later { if await system.rotate(overlap: overlap) { self.markEffective() } }
        case .authRotateKeys, .step:
            self.later { if await world.act(self.plan) { self.markEffective() } }
        default: for process in processes { process.strike(self) }
        }
    }
}

extension FaultPlan.Kind {
    fileprivate var steps: ClosedRange<Int>? {
        if case .procCrash(_, let steps) = self { steps } else { nil }
    }
}
