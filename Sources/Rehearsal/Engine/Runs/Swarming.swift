package import Scenarios
import Simulation

extension Scenario {
    /// This scenario as `seed` varies it: one of the chances of loss, some of the faults.
    package func resolved(by seed: UInt64) -> Scenario {
        var stream = RandomStream(seed: seed, name: "swarm")
        var scenario = self
        if let drop = self.swarm.drops.drawn(&stream) { scenario.setLinks { $0.drop = drop } }
        if let duplicate = self.swarm.duplicates.drawn(&stream) {
            scenario.setLinks { $0.duplicate = duplicate }
        }
        if let range = self.swarm.faultsChosen {
            let wanted = range.lowerBound + stream.below(range.count)
            scenario.faults = self.faults.chosen(wanted, &stream)
        }
        scenario.swarm = Swarm()
        return scenario
    }

    private mutating func setLinks(_ change: (inout LinkRule) -> Void) {
        if !self.links.contains(where: { $0.from == nil }) { self.links.insert(LinkRule(), at: 0) }
        for index in self.links.indices where self.links[index].from == nil {
            change(&self.links[index])
        }
    }
}

extension [Double] {
    fileprivate func drawn(_ stream: inout RandomStream) -> Double? {
        self.isEmpty ? nil : self[stream.below(self.count)]
    }
}

extension [FaultPlan] {
    /// That many of them, in their order; one that follows another brings the other with it.
    fileprivate func chosen(_ wanted: Int, _ stream: inout RandomStream) -> [FaultPlan] {
        var ids: Set<String> = []
        var left = self.map(\.id)
        while ids.count < wanted, !left.isEmpty {
            var id: String? = left.remove(at: stream.below(left.count))
            while let next = id, ids.insert(next).inserted {
                id = self.first { $0.id == next }?.predecessor
            }
        }
        return self.filter { ids.contains($0.id) }
    }
}

extension FaultPlan {
    /// The fault that it follows, if it does.
    package var predecessor: String? {
        if case .after(let id, _) = self.trigger { id } else { nil }
    }
}
