import Scenarios
import SimulatedDrills

extension FaultPlan {
    /// True when it strikes what goes from one node to the other; a fault of calls names the
    /// callee.
    func isAimed(from: Node, to: Node, chosen: String?) -> Bool {
        // Healing and looking at the end are nobody's link.
        if from.process == LiveFinalCheck.name || to.process == LiveFinalCheck.name { return false }
        if case .rpcDelay = self.kind {
            if case .target(let name) = self.scope { return to.isNamed(name) }
            return chosen.map { to.process == $0 } ?? true
        }
        switch self.scope {
        case .everything: return true
        case .target(let name): return from.isNamed(name) || to.isNamed(name)
        case .any, .each: return from.process == chosen || to.process == chosen
        case .between(let left, let right, let isOneWay):
            return from.isNamed(in: left) && to.isNamed(in: right)
                || !isOneWay && from.isNamed(in: right) && to.isNamed(in: left)
        }
    }

    /// The chance that it strikes each chunk that it could; a repeated fault has drawn already.
    var chanceOfChunk: Double {
        if case .netDrop(let chance) = self.kind { return chance }
        return self.isRepeated ? 1 : self.chance
    }

    /// The most strikes of one firing; what is repeated counts its firings instead.
    var strikesMax: Int? { self.isRepeated ? nil : self.times }

    /// True when there is one thing that it may strike or spare, when it fires.
    var drawsOnce: Bool {
        !self.isRepeated && [.nodes, .connections].contains(self.kind.entry.place)
    }

    private var isRepeated: Bool { if case .every = self.trigger { true } else { false } }
}

extension FaultPlan.Kind {
    /// True when it strikes requests on their way to whom they call, and nothing else.
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
