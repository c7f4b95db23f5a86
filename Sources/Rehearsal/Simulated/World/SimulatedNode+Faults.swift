import Checkers
import Composition
import DrillEngine
import Scenarios
import Simulation
import TransportCore

/// The effects of faults on a process, its clocks and its disk.
extension SimulatedNode {
    func strike(_ fault: ProcessFault) {
        if case .procCrash(let restartAfter, _) = fault.plan.kind {
            self.crash(fault, restartAfter)
        } else if self.isUp, self.change(fault.plan.kind) {
            fault.markEffective()
        }
    }

    func revert(_ fault: ProcessFault) {
        switch fault.plan.kind {
        case .procPause: self.resume()
        case .procSlow: self.process.slow(by: .zero)
        case .clockDrift: self.clock.drift(0)
        case .healthNotServing: self.setServing(true)
        case .diskBitflip: self.context.disk.mend()
        default: break
        }
    }

    func heal() async {
        self.resume()
        self.process.slow(by: .zero)
        self.clock.heal()
        self.setServing(true)
        await self.start()
    }

    /// Goes on, if it was paused.
    func resume() {
        guard self.process.isPaused else { return }
        self.process.resume()
        self.context.recorder.note(.process(name: self.identity.process, .resumed))
    }

    private func crash(_ fault: ProcessFault, _ restartAfter: Duration?) {
        if fault.steps == 0 {
            self.crashNow(fault, restartAfter)
        } else {
            self.process.onStep(fault.steps) { self.crashNow(fault, restartAfter) }
        }
    }

    private func crashNow(_ fault: ProcessFault, _ restartAfter: Duration?) {
        guard !fault.isTooLate, self.crash(losesUnsynced: fault.plan.losesUnsynced) else { return }
        fault.markEffective()
        guard let restartAfter else { return }
        fault.later {
            if await self.context.run.clock.pause(restartAfter) { await self.start() }
        }
    }

    /// False when that changed nothing.
    private func change(_ kind: FaultPlan.Kind) -> Bool {
        switch kind {
        case .procPause:
            self.process.pause()
            self.context.recorder.note(.process(name: self.identity.process, .paused))
        case .procSlow(let delay): self.process.slow(by: delay)
        case .clockJump(let duration): self.clock.jump(by: duration)
        case .clockDrift(let rate): self.clock.drift(rate)
        case .healthNotServing: return self.setServing(false)
        case .diskBitflip: return self.context.disk.flip()
        default: return false
        }
        return true
    }

    /// Says that it cannot serve, or again what is true.
    ///
    /// - Returns: false when it has no health service now.
    @discardableResult
    func setServing(_ isServing: Bool) -> Bool {
        guard let hosted = self.hosted, let wire = self.wireName else { return false }
        hosted.health.set(wire, isServing ? hosted.ownStatus : .notServing)
        return true
    }

    private var wireName: String? {
        switch self.service {
        case .ledger: LedgerBinding.service
        case .payment: PaymentBinding.service
        case .refund: RefundBinding.service
        case .gateway: nil
        }
    }
}
