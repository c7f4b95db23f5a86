/// Writes scenarios as files that read back to equal values.
///
/// Defaults are left out.
package enum ScenarioWriter {
    /// The whole file; `scenario` must be one that the reader accepts.
    package static func write(_ scenario: Scenario) -> String {
        var lines = [
            "version: 1",
            FlowText.quoted(scenario.name).text(after: "name: "),
            "about: " + FlowText.quoted(scenario.about).text,
        ]
        func add(_ key: String, _ items: [(key: String, value: FlowText)]) {
            if !items.isEmpty { lines.append(FlowText.map(items).text(after: key + ": ")) }
        }
        func addList(_ key: String, _ items: [FlowText]) {
            guard !items.isEmpty else { return }
            lines.append(key + ":")
            lines += items.map { $0.text(after: "  - ") }
        }
        if !scenario.requires.isEmpty {
            lines.append(FlowText.names(scenario.requires).text(after: "requires: "))
        }
        add("run", self.run(scenario.run))
        add("system", self.system(scenario.system))
        add("settings", self.settings(scenario.settings))
        lines += self.links(scenario.links)
        addList("clients", scenario.clients.map(self.client))
        addList("faults", scenario.faults.map(self.fault))
        add("swarm", self.swarm(scenario.swarm))
        if scenario.liveness != Liveness() {
            add(
                "liveness",
                [("heal", .atom("all")), ("within", .duration(scenario.liveness.within))]
            )
        }
        lines += self.expect(scenario.expect)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func run(_ rules: RunRules) -> [(key: String, value: FlowText)] {
        let usual = RunRules()
        var items: [(key: String, value: FlowText)] = []
        if rules.seeds != rules.strategy.usualSeeds {
            items.append(
                ("seeds", .atom("\(rules.seeds.lowerBound)..\(rules.seeds.upperBound)"))
            )
        }
        if rules.virtualTimeMax != usual.virtualTimeMax {
            items.append(("max_virtual", .duration(rules.virtualTimeMax)))
        }
        if rules.stepsMax != usual.stepsMax {
            items.append(("max_steps", .integer(rules.stepsMax)))
        }
        switch rules.strategy {
        case .random: break
        case .fifo: items.append(("strategy", .atom("fifo")))
        case .pct(let points): items.append(("strategy", .map([("pct", .integer(points))])))
        case .exhaustive(RunRules.Strategy.schedulesMaxUsual):
            items.append(("strategy", .atom("exhaustive")))
        case .exhaustive(let schedules):
            items.append(("strategy", .map([("exhaustive", .integer(schedules))])))
        }
        if rules.verifiesTwice { items.append(("verify", .atom("twice"))) }
        return items
    }

    private static func system(_ shape: SystemShape) -> [(key: String, value: FlowText)] {
        guard shape != SystemShape() else { return [] }
        let counts = [shape.gateway, shape.payment, shape.ledger, shape.refund]
        return zip(Vocabulary.services, counts).map { (key: $0, value: .integer($1)) }
    }

    private static func settings(_ settings: [String: String]) -> [(key: String, value: FlowText)] {
        settings.sorted { $0.key < $1.key }.map { ($0.key, .quoted($0.value)) }
    }

    private static func links(_ rules: [LinkRule]) -> [String] {
        guard !rules.isEmpty else { return [] }
        return ["links:"]
            + rules.map { rule in
                var items: [(key: String, value: FlowText)] = []
                if let latency = rule.latency { items.append(("latency", self.latency(latency))) }
                if let drop = rule.drop { items.append(("drop", .number(drop))) }
                if let chance = rule.duplicate { items.append(("duplicate", .number(chance))) }
                if let reorder = rule.reorder { items.append(("reorder", .number(reorder))) }
                let key =
                    if let from = rule.from, let to = rule.to { "\"\(from)->\(to)\"" } else {
                        "default"
                    }
                return FlowText.map(items).text(after: "  \(key): ")
            }
    }

    private static func latency(_ latency: Latency) -> FlowText {
        let usual = Latency()
        var items: [(key: String, value: FlowText)] = []
        if latency.shape != usual.shape { items.append(("dist", .atom(latency.shape.rawValue))) }
        if latency.min != usual.min { items.append(("min", .duration(latency.min))) }
        if latency.mean != usual.mean { items.append(("mean", .duration(latency.mean))) }
        if latency.max != usual.max { items.append(("max", .duration(latency.max))) }
        return .map(items)
    }

    private static func swarm(_ swarm: Swarm) -> [(key: String, value: FlowText)] {
        var items: [(key: String, value: FlowText)] = []
        if !swarm.drops.isEmpty {
            items.append(("links.drop", .list(swarm.drops.map(FlowText.number))))
        }
        if !swarm.duplicates.isEmpty {
            items.append(("links.duplicate", .list(swarm.duplicates.map(FlowText.number))))
        }
        if let chosen = swarm.faultsChosen {
            items.append(("choose_faults", .atom("\(chosen.lowerBound)..\(chosen.upperBound)")))
        }
        return items
    }

    private static func expect(_ expect: Expectations) -> [String] {
        var lines = ["expect:"]
        func add(_ key: String, _ items: [FlowText]) {
            if !items.isEmpty { lines.append(FlowText.list(items).text(after: "  \(key): ")) }
        }
        add("always", expect.always.map { .atom($0) })
        add("eventually", expect.eventually.map { .atom($0) })
        add("sometimes", expect.sometimes.map(self.sometimes))
        add(
            "seldom",
            expect.seldom.map { .map([("metric", .atom($0.metric)), ("max", .integer($0.max))]) }
        )
        if let time = expect.linearizableWithin {
            let checker: FlowText = .map([
                ("model", .atom("payment")), ("partition_by", .atom("payment_id")),
                ("timeout", .duration(time)),
            ])
            add("checkers", [.map([("linearizable", checker)])])
        }
        return lines
    }

    private static func sometimes(_ item: Expectations.Sometimes) -> FlowText {
        switch item {
        case .metric(let name, let min):
            .map([("metric", .atom(name)), ("min", .integer(min))])
        case .fault(let id, let effective):
            .map([("fault", .atom(id)), ("effective", .integer(effective))])
        }
    }
}
