import DrillEngine
import Identity
import Scenarios

extension FaultPlan {
    /// A fault from the start of a run.
    init(_ kind: Kind, _ scope: Scope = .target("ledger"), id: String = "a") {
        self.init(id: id, trigger: .at(.zero), kind: kind, scope: scope)
    }
}

extension ActiveFault {
    /// A fault that is on and has no end.
    init(_ plan: FaultPlan, chosen: String? = nil) {
        self.init(plan: plan, chosen: chosen, until: nil, frozen: [:], left: plan.times)
    }
}

/// 2030-01-01T00:00:00Z.
let startOfTime: UnixSeconds = 1_893_456_000
