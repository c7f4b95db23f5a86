/// Reading of the swarm, the liveness and the expectations.
extension ScenarioReader {
    static let swarmKeys = ["links.drop", "links.duplicate", "choose_faults"]
    static let livenessKeys = ["heal", "within"]
    static let expectKeys = ["always", "eventually", "sometimes", "seldom", "checkers"]
    static let linearizableKeys = ["model", "partition_by", "timeout"]

    static func swarm(_ file: MappingDecoder) -> Swarm {
        var swarm = Swarm()
        guard let fields = file.fields("swarm", known: self.swarmKeys) else { return swarm }
        fields.take("links.drop", .list(of: .chance(), max: 16), into: &swarm.drops)
        fields.take("links.duplicate", .list(of: .chance(), max: 16), into: &swarm.duplicates)
        swarm.faultsChosen = fields.optional("choose_faults", .range(0...self.faultsMax))
        let count = self.faultNodes(file).count
        if let chosen = swarm.faultsChosen, chosen.upperBound > count {
            fields.diagnostics.add(
                fields.line(of: "choose_faults"),
                "choose_faults: there are only \(count) faults"
            )
        }
        return swarm
    }

    static func liveness(_ file: MappingDecoder) -> Liveness {
        var liveness = Liveness()
        guard let fields = file.fields("liveness", known: self.livenessKeys) else {
            return liveness
        }
        _ = fields.optional("heal", .choice(of: ["all"], "value"))
        fields.take("within", .window(), into: &liveness.within)
        return liveness
    }

    static func expectations(_ file: MappingDecoder) -> Expectations {
        var expect = Expectations()
        guard file["expect"] != nil else {
            file.diagnostics.add(file.line, "the key 'expect' is missing")
            return expect
        }
        guard let fields = file.fields("expect", known: self.expectKeys) else { return expect }
        fields.take("always", self.oracles(Vocabulary.always), into: &expect.always)
        fields.take("eventually", self.oracles(Vocabulary.eventually), into: &expect.eventually)
        let ids = self.faultIDs(file)
        expect.sometimes = fields.items("sometimes", max: 64).compactMap {
            self.sometimes($0, ids: ids, fields.diagnostics)
        }
        expect.seldom = fields.items("seldom", max: 64).compactMap {
            self.seldom($0, fields.diagnostics)
        }
        expect.linearizableWithin = self.linearizable(fields)
        if fields["always"] == nil, fields["eventually"] == nil, fields["checkers"] == nil {
            fields.diagnostics.add(
                fields.line,
                "expect: nothing must hold (one of always, eventually and checkers is needed)"
            )
        }
        return expect
    }

    private static func oracles(_ known: [String]) -> ValueDecoder<[String]> {
        .set(of: .choice(of: known, "oracle"), max: known.count)
    }

    /// Reads `{metric: retried, min: 1}` or `{fault: cut, effective: 1}`; a count that is left out
    /// is 1.
    private static func sometimes(
        _ node: SourceNode,
        ids: [String],
        _ diagnostics: Diagnostics
    ) -> Expectations.Sometimes? {
        guard
            let fields = MappingDecoder(
                node,
                known: ["metric", "min", "fault", "effective"],
                diagnostics
            )
        else { return nil }
        let isMetric = fields["metric"] != nil
        guard isMetric != (fields["fault"] != nil) else {
            diagnostics.add(node.line, "sometimes: exactly one of metric and fault is needed")
            return nil
        }
        let stray = isMetric ? "effective" : "min"
        if fields[stray] != nil {
            diagnostics.add(
                fields.line(of: stray),
                "'\(stray)' does not belong to '\(isMetric ? "metric" : "fault")'"
            )
        }
        let bounds = 1...1_000_000
        guard isMetric else {
            let id = fields.optional("fault", .choice(of: ids, "fault")) ?? ""
            return .fault(id, effective: fields.optional("effective", .integer(bounds)) ?? 1)
        }
        let metric = fields.optional("metric", .choice(of: Vocabulary.metrics, "metric")) ?? ""
        return .metric(metric, min: fields.optional("min", .integer(bounds)) ?? 1)
    }

    /// Reads `{metric: retried, max: 10}`.
    private static func seldom(
        _ node: SourceNode,
        _ diagnostics: Diagnostics
    ) -> Expectations.Ceiling? {
        guard let fields = MappingDecoder(node, known: ["metric", "max"], diagnostics) else {
            return nil
        }
        let metric = fields.required("metric", .choice(of: Vocabulary.metrics, "metric"))
        let max = fields.required("max", .integer(0...1_000_000))
        return metric.flatMap { metric in max.map { .init(metric, max: $0) } }
    }

    /// Reads `[{linearizable: {model: payment, partition_by: payment_id, timeout: 20s}}]`.
    private static func linearizable(_ expect: MappingDecoder) -> Duration? {
        guard expect["checkers"] != nil else { return nil }
        let nodes = expect.items("checkers", max: 1)
        guard let node = nodes.first else {
            expect.diagnostics.add(expect.line(of: "checkers"), "checkers: expected one checker")
            return nil
        }
        guard let checker = MappingDecoder(node, known: ["linearizable"], expect.diagnostics),
            let fields = checker.fields("linearizable", known: self.linearizableKeys)
        else {
            expect.diagnostics.add(node.line, "checkers: expected {linearizable: {model: payment}}")
            return nil
        }
        _ = fields.required("model", .choice(of: ["payment"], "model"))
        _ = fields.optional("partition_by", .choice(of: ["payment_id"], "key"))
        return fields.optional("timeout", .window()) ?? .seconds(20)
    }
}
