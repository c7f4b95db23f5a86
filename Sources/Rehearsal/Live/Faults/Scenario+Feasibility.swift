import Composition
import Scenarios
import SimulatedDrills

extension Scenario {
    /// The kinds of fault that can be injected here, against some targets at least.
    private static let liveKinds = [
        "net.partition", "net.delay", "net.drop", "net.reset", "net.clog", "rpc.delay",
        "proc.crash", "proc.restart", "proc.pause",
        "auth.expire", "auth.not_before", "auth.drop_scope", "auth.wrong_audience",
        "auth.rotate",
    ]

    /// Why this scenario cannot be run against real processes; nil when it can.
    ///
    /// One fault that cannot be injected is enough: without it the run would pass for less.
    var obstacle: String? {
        if let unknown = self.requires.first(where: { !Self.liveKinds.contains($0) }) {
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
        switch self.kind {
        case .netPartition, .netDelay, .netDrop, .netReset, .netClog, .procPause, .rpcDelay(_, nil),
            .authRotate:
            return nil
        case .netDuplicate, .netReorder: return "cannot be done to bytes of a TCP connection"
        case .rpcDelay: return "names a method, and a proxy sees bytes, not calls"
        case .rpcAbort, .rpcRequestLoss, .rpcReplyLoss, .rpcCorrupt, .rpcTruncate:
            return "is about one call, and a proxy sees bytes, not calls"
        case .procCrash, .procRestart:
            return self.losesUnsynced ? "needs a disk that loses what was not synced" : nil
        case .procSlow: return "cannot be done to a real process from outside"
        case .diskError, .diskFull, .diskSlow, .diskUnsaid, .diskLoseUnsynced, .diskTorn,
            .diskBitflip:
            return "needs a simulated disk"
        case .clockJump, .clockDrift: return "needs clocks that can be set"
        case .dnsFail, .dnsStale: return "needs a name server, and names are addresses here"
        case .authExpire, .authNotBefore, .authDropScope, .authWrongAudience:
            return self.strikesUsersOnly
                ? nil : "strikes tokens of services, which they make themselves"
        case .authJWKSDown, .authRotateKeys:
            return "needs an identity provider, and users' tokens have a secret here"
        case .step: return "is code that acts inside of a simulation"
        case .healthNotServing: return "would need a process that lies about its health"
        }
    }

    private var strikesUsersOnly: Bool {
        guard case .target(let name) = self.scope else { return false }
        let groups = [name, Node(name).group]
        return !ServiceName.allCases.contains { groups.contains($0.rawValue) }
    }
}
