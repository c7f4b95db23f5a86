import DrillEngine
import Scenarios

extension ActiveFault {
    /// True when it strikes what a proxy passes from one node to the other; a fault of calls names
    /// the callee.
    func isAimed(atLinkFrom from: Node, to: Node) -> Bool {
        // No fault strikes the look at the end.
        if from.process == FinalCheck.name || to.process == FinalCheck.name { return false }
        return self.plan.kind.isForRequests
            ? self.isAimed(at: to) : self.isAimed(from: from, to: to)
    }
}

extension FaultPlan.Kind {
    /// True when it strikes requests on their way to a callee, and nothing else.
    var isForRequests: Bool { if case .rpcDelay = self { true } else { false } }

    /// The effect on the bytes of a link; nil for none.
    var impairment: Impairment.Effect? {
        switch self {
        case .netPartition, .netClog: .hold
        case .netDelay(let extra), .rpcDelay(let extra, _): .delay(extra)
        // TCP makes up for a lost segment: what is seen of it is that the bytes come later.
        case .netDrop: .delay([LinkRule].retransmission)
        default: nil
        }
    }
}
