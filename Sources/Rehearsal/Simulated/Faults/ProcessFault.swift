import Checkers
import Scenarios
import Simulation
import Synchronization

/// What a fault does to processes, their clocks and their secrets.
struct ProcessFault {
    /// Takes what takes time.
    typealias Later = @Sendable (@escaping FaultScheduler.Work) -> Void

    private let plan: FaultPlan
    private let site: Site
    private let system: System
    private let steps: Int

    init(_ plan: FaultPlan, _ site: Site, _ system: System, _ stream: borrowing Mutex<RandomStream>)
    {
        self.plan = plan
        self.site = site
        self.system = system
        self.steps =
            plan.kind.steps.map { range in
                range.lowerBound + stream.withLock { $0.below(range.count) }
            } ?? 0
    }

    /// Strikes `machines`; what takes time goes to `later`.
    func strike(_ machines: [Machine], _ later: @escaping Later) {
        switch self.plan.kind {
        case .procCrash(let restartAfter, _):
            for machine in machines { self.crash(machine, restartAfter, later) }
        case .procRestart(let gap):
            later {
                for machine in machines where await self.system.restart(machine, gap: gap) {
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
            for machine in machines where machine.isUp && self.change(machine) {
                self.markEffective()
            }
        }
    }

    private func take(_ name: String) async {
        guard let step = Step.named(name) else { preconditionFailure("Readers know every step.") }
        switch await step.run(Stage(site: self.site, system: self.system)) {
        case .done: self.markEffective()
        case .prevented: break
        case .wrong(let sentence): self.site.recorder.fail("the step \(name): \(sentence)")
        }
    }

    /// False when that changed nothing.
    private func change(_ machine: Machine) -> Bool {
        switch self.plan.kind {
        case .procPause:
            machine.process.pause()
            self.site.recorder.note(.process(name: machine.party.process, .paused))
        case .procSlow(let delay): machine.process.slow(by: delay)
        case .clockJump(let duration): machine.clock.jump(by: duration)
        case .clockDrift(let rate): machine.clock.drift(rate)
        case .healthNotServing: return machine.setServing(false)
        case .diskBitflip: return self.site.disk.flip()
        default: return false
        }
        return true
    }

    private func crash(
        _ machine: Machine,
        _ restartAfter: Duration?,
        _ later: @escaping Later
    ) {
        if self.steps == 0 {
            self.crashNow(machine, restartAfter, later)
        } else {
            machine.process.onStep(self.steps) { self.crashNow(machine, restartAfter, later) }
        }
    }

    /// It may have waited for steps of the process until everything was healed: then it is too late.
    private func crashNow(_ machine: Machine, _ restartAfter: Duration?, _ later: Later) {
        guard !self.site.injector.isHealed,
            machine.crash(losesUnsynced: self.plan.losesUnsynced)
        else { return }
        self.markEffective()
        guard let restartAfter else { return }
        let clock = self.site.simulation.clock
        later {
            try? await clock.sleep(until: clock.now.advanced(by: restartAfter))
            if !Task.isCancelled { await machine.start() }
        }
    }

    private func markEffective() { self.site.injector.mark(self.plan.id, .effective) }
}

extension FaultPlan.Kind {
    /// Whether it strikes processes themselves, not what they send or write.
    var isForMachines: Bool {
        switch self {
        case .procCrash, .procRestart, .procPause, .procSlow: true
        case .clockJump, .clockDrift, .authRotate, .authRotateKeys, .healthNotServing, .diskBitflip:
            true
        case .step: true
        default: false
        }
    }

    fileprivate var steps: ClosedRange<Int>? {
        if case .procCrash(_, let steps) = self { steps } else { nil }
    }

    /// Undoes what it did to `machine`.
    func revert(on machine: Machine) {
        switch self {
        case .procPause: machine.resume()
        case .procSlow: machine.process.slow(by: .zero)
        case .clockDrift: machine.clock.drift(0)
        case .healthNotServing: machine.setServing(true)
        case .diskBitflip: machine.mendDisk()
        default: break
        }
    }
}
