import DrillEngine
import Scenarios

extension Scenario {
    /// Scenarios with a little less in them than this one, the boldest cuts first.
    var smaller: [Scenario] {
        self.withoutClients + self.withoutFaults + self.withFewerOperations + self.withFewerReplicas
            + self.withoutLinks + self.withLessTime
    }

    private var withoutClients: [Scenario] {
        guard self.clients.count > 1 else { return [] }
        return self.clients.indices.map { index in self.changed { $0.clients.remove(at: index) } }
    }

    /// A fault goes with those that wait for it.
    private var withoutFaults: [Scenario] {
        self.faults.map { fault in
            self.changed { scenario in
                var gone: Set<String> = [fault.id]
                for other in scenario.faults {
                    if let first = other.predecessor, gone.contains(first) { gone.insert(other.id) }
                }
                scenario.faults.removeAll { gone.contains($0.id) }
                scenario.expect.sometimes.removeAll { wish in
                    if case .fault(let id, _) = wish { gone.contains(id) } else { false }
                }
            }
        }
    }

    private var withFewerOperations: [Scenario] {
        self.clients.indices.flatMap { index -> [Scenario] in
            let plan = self.clients[index]
            return plan.smallerTotals.map { total in
                self.changed {
                    $0.clients[index].total = total
                    $0.clients[index].count = min(plan.count, total)
                }
            }
                + plan.smallerCounts.map { count in
                    self.changed { $0.clients[index].count = count }
                }
        }
    }

    private var withFewerReplicas: [Scenario] {
        let paths: [WritableKeyPath<SystemShape, Int>] = [\.gateway, \.payment, \.refund]
        return paths.filter { self.system[keyPath: $0] > 1 }.map { path in
            self.changed { $0.system[keyPath: path] = 1 }
        }.filter { $0.names(onlyNodesThatExist: $0.system) }
    }

    private var withoutLinks: [Scenario] {
        self.links.isEmpty ? [] : [self.changed { $0.links = [] }]
    }

    private var withLessTime: [Scenario] {
        let half = self.run.virtualTimeMax / 2
        guard half >= .seconds(1) else { return [] }
        return [self.changed { $0.run.virtualTimeMax = half }]
    }

    private func changed(_ change: (inout Scenario) -> Void) -> Scenario {
        var scenario = self
        change(&scenario)
        return scenario
    }

    /// True when no fault or link names a replica beyond `shape`.
    private func names(onlyNodesThatExist shape: SystemShape) -> Bool {
        let nodes = shape.names
        let named = self.faults.flatMap(\.scope.names)
        let ends = self.links.flatMap { [$0.from, $0.to] }.compactMap(\.self)
        return (named + ends).allSatisfy { name in
            guard let replicas = nodes[Node(name).group] else { return true }
            return name == Node(name).group || replicas.contains(name)
        }
    }
}

extension ClientPlan {
    fileprivate var smallerTotals: [Int] {
        [self.total / 4, self.total / 2, self.total * 3 / 4, self.total - 1]
            .filter { $0 >= 1 && $0 < self.total }
    }

    fileprivate var smallerCounts: [Int] {
        [1, self.count / 2, self.count - 1].filter { $0 >= 1 && $0 < self.count }
    }
}
