/// Who runs next, and what goes with running every schedule.
extension ScenarioReader {
    static let strategyNames = ["fifo", "random", "exhaustive"]
    static let strategyKeys = ["pct", "exhaustive"]
    static let schedulesMax = 1_000_000

    /// More operations than these have more schedules than anybody can run.
    static let operationsExploredMax = 4

    /// `fifo`, `random`, `exhaustive`, `{pct: 3}` or `{exhaustive: 500}`.
    static func strategy(_ diagnostics: Diagnostics) -> ValueDecoder<RunRules.Strategy> {
        ValueDecoder { node throws(Diagnostic) in
            if case .map = node.content { return try self.bounded(node, diagnostics) }
            let decoder = ValueDecoder<String>.choice(of: self.strategyNames, "strategy")
            switch try decoder.read(node) {
            case "fifo": return .fifo
            case "random": return .random
            default: return .exhaustive(schedulesMax: RunRules.Strategy.schedulesMaxUsual)
            }
        }
    }

    private static func bounded(
        _ node: SourceNode,
        _ diagnostics: Diagnostics
    ) throws(Diagnostic) -> RunRules.Strategy {
        guard let fields = MappingDecoder(node, known: self.strategyKeys, diagnostics) else {
            return .random
        }
        let bounds = 1...self.schedulesMax
        if let schedules = fields.optional("exhaustive", .integer(bounds, isGrouped: true)) {
            guard fields.keys.count == 1 else {
                throw Diagnostic(node, "expected pct or exhaustive")
            }
            return .exhaustive(schedulesMax: schedules)
        }
        guard fields["exhaustive"] == nil else { return .random }
        return .pct(fields.required("pct", .integer(1...self.changePointsMax)) ?? 1)
    }

    /// Refuses what cannot, or need not, be run in every order.
    static func checkExploration(_ scenario: Scenario, _ file: MappingDecoder) {
        guard case .exhaustive = scenario.run.strategy,
            let node = file["run"],
            let run = MappingDecoder(node, known: self.runKeys, Diagnostics())
        else { return }
        let operations = scenario.clients.reduce(0) { $0 + $1.total }
        if operations > self.operationsExploredMax {
            file.diagnostics.add(
                run.line(of: "strategy"),
                "strategy: exhaustive is for small cases: at most \(self.operationsExploredMax)"
                    + " operations, and the clients do \(operations)"
            )
        }
        if scenario.run.verifiesTwice {
            file.diagnostics.add(
                run.line(of: "verify"),
                "verify: twice does not go with exhaustive, which runs each schedule once"
            )
        }
    }
}
