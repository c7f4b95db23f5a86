import DrillEngine
import Scenarios

extension Scenario {
    /// Why this scenario cannot be run against real processes; nil when it can.
    ///
    /// One fault that cannot be injected is enough: without it the run would pass for less.
    var obstacle: String? {
        let never = FaultEntry.all.filter { if case .no = $0.live { true } else { false } }
        if let unknown = self.requires.first(where: { name in never.contains { $0.name == name } })
        {
            return "the scenario requires \(unknown), which cannot be done to real processes"
        }
        if self.run.strategy.isExhaustive {
            return "the scenario asks for every schedule, and nobody schedules real processes"
        }
        if self.system.ledger > 1 { return "the ledger has one process, here and anywhere" }
        for rule in self.links {
            if let reason = rule.obstacle { return reason }
        }
        for plan in self.faults {
            if let reason = plan.obstacle {
                return "the fault \(plan.id) (\(plan.kind.name)) \(reason)"
            }
        }
        return nil
    }
}

extension LinkRule {
    fileprivate var obstacle: String? {
        let name = self.from.flatMap { from in self.to.map { "\(from)->\($0)" } } ?? "default"
        if let duplicate = self.duplicate, duplicate > 0 {
            return "the link \(name) duplicates messages, which TCP does not let happen"
        }
        if let reorder = self.reorder, reorder > 0 {
            return "the link \(name) reorders messages, which TCP does not let happen"
        }
        return nil
    }
}

extension FaultPlan {
    /// The end of a sentence that begins with the fault.
    fileprivate var obstacle: String? {
        switch self.kind.entry.live {
        case .yes: nil
        case .no(let reason): reason
        case .onlyIf(let isPossible, let reason): isPossible(self) ? nil : reason
        }
    }
}
