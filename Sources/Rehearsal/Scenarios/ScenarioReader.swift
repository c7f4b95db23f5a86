/// Reads scenario files: YAML, version 1, as `Scenarios/scenario.schema.json` describes them.
///
/// The reader refuses every error that can be found before a run, with file and line. It finds more
/// than the schema, which cannot look up names in other parts of the file.
package enum ScenarioReader {
    static let keys = [
        "version", "name", "about", "requires", "run", "system", "settings", "links", "clients",
        "faults",
        "swarm", "liveness", "expect",
    ]
    static let aboutBytesMax = 4_096

    /// The scenario that `text` describes.
    ///
    /// - Parameters:
    ///   - text: The whole file, at most 256 KiB.
    ///   - file: The file's name for messages.
    /// - Returns: The scenario, with defaults for keys that are left out.
    /// - Throws: All errors of the file.
    package static func read(
        _ text: String,
        file: String
    ) throws(ScenarioError) -> Scenario {
        let diagnostics = Diagnostics()
        let scenario = self.scenario(text, diagnostics)
        guard let scenario, diagnostics.isEmpty else { throw diagnostics.error(in: file) }
        return scenario
    }

    private static func scenario(_ text: String, _ diagnostics: Diagnostics) -> Scenario? {
        do {
            let root = try SourceNode.parse(text)
            guard let fields = MappingDecoder(root, known: self.keys, diagnostics) else {
                return nil
            }
            return self.scenario(fields)
        } catch {
            diagnostics.add(error)
            return nil
        }
    }

    private static func scenario(_ fields: MappingDecoder) -> Scenario {
        _ = fields.required("version", .integer(1...1))
        var scenario = Scenario(
            name: fields.required("name", .name()) ?? "",
            about: fields.required("about", .text(max: self.aboutBytesMax)) ?? ""
        )
        fields.take("requires", .set(of: self.kind(), max: 64), into: &scenario.requires)
        scenario.run = self.run(fields)
        scenario.system = self.system(fields)
        scenario.settings = self.settings(fields)
        scenario.clients = self.clients(fields)
        let nameTable = NameTable(scenario.system, clients: scenario.clients)
        scenario.links = self.links(fields, nameTable)
        scenario.faults = self.faults(fields, nameTable, end: scenario.run.virtualTimeMax)
        scenario.swarm = self.swarm(fields)
        scenario.liveness = self.liveness(fields)
        scenario.expect = self.expectations(fields)
        self.checkExploration(scenario, fields)
        return scenario
    }

    /// Reads the name of a kind of fault.
    static func kind() -> ValueDecoder<String> {
        .choice(of: Vocabulary.kinds, "kind of fault")
    }
}

/// Reading of the strategy.
extension ScenarioReader {
    static let strategyNames = ["fifo", "random", "exhaustive"]
    static let strategyKeys = ["pct", "exhaustive"]
    static let schedulesMax = 1_000_000

    /// The bound on operations whose schedules can all be run.
    static let operationsExploredMax = 4

    /// Reads `fifo`, `random`, `exhaustive`, `{pct: 3}` or `{exhaustive: 500}`.
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

    /// Refuses `exhaustive` for too many operations, or together with `verify`.
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
