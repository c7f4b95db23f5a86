/// Reading of the system, its run and its links.
extension ScenarioReader {
    static let runKeys = ["seeds", "max_virtual", "max_steps", "strategy", "verify"]
    static let linkKeys = ["latency", "drop", "duplicate", "reorder"]
    static let latencyKeys = ["dist", "min", "mean", "max"]
    static let seedsMax: UInt64 = 1_000_000
    static let stepsMax = 99_999_999
    static let changePointsMax = 100
    static let linksMax = 256
    static let settingBytesMax = 4_096

    static func run(_ file: MappingDecoder) -> RunRules {
        var rules = RunRules()
        guard let fields = file.fields("run", known: self.runKeys) else { return rules }
        fields.take("strategy", self.strategy(fields.diagnostics), into: &rules.strategy)
        rules.seeds = rules.strategy.usualSeeds
        fields.take("seeds", self.seeds(), into: &rules.seeds)
        fields.take("max_virtual", .window(), into: &rules.virtualTimeMax)
        if rules.virtualTimeMax > .seconds(3_600) {
            fields.diagnostics.add(fields.line(of: "max_virtual"), "max_virtual: at most 1h")
        }
        fields.take(
            "max_steps",
            .integer(1...self.stepsMax, isGrouped: true),
            into: &rules.stepsMax
        )
        if let verify = fields.optional("verify", .choice(of: ["once", "twice"], "value")) {
            rules.verifiesTwice = verify == "twice"
        }
        return rules
    }

    private static func seeds() -> ValueDecoder<ClosedRange<UInt64>> {
        ValueDecoder { node throws(Diagnostic) in
            let seeds = try ValueDecoder<ClosedRange<UInt64>>.range(0...UInt64.max).read(node)
            guard seeds.upperBound - seeds.lowerBound < self.seedsMax else {
                throw Diagnostic(node, "at most \(self.seedsMax) seeds")
            }
            return seeds
        }
    }

    static func system(_ file: MappingDecoder) -> SystemShape {
        var shape = SystemShape()
        guard let fields = file.fields("system", known: Vocabulary.services) else { return shape }
        fields.take("gateway", .integer(1...99), into: &shape.gateway)
        fields.take("payment", .integer(1...99), into: &shape.payment)
        fields.take("ledger", .integer(1...1), into: &shape.ledger)
        fields.take("refund", .integer(1...99), into: &shape.refund)
        return shape
    }

    /// Reads the settings, whose values the starting processes check.
    static func settings(_ file: MappingDecoder) -> [String: String] {
        guard let fields = file.fields("settings", known: Vocabulary.settings) else { return [:] }
        let values = fields.keys.map { ($0, fields.optional($0, .text(max: self.settingBytesMax))) }
        return Dictionary(uniqueKeysWithValues: values).compactMapValues { $0 }
    }

    static func links(_ file: MappingDecoder, _ nameTable: NameTable) -> [LinkRule] {
        guard let node = file["links"] else { return [] }
        guard case .map(let entries) = node.content else {
            file.diagnostics.add(node.line, "links: expected a mapping, found \(node.description)")
            return []
        }
        guard entries.count <= self.linksMax else {
            file.diagnostics.add(node.line, "links: at most \(self.linksMax)")
            return []
        }
        var known: Set<String> = []
        return entries.compactMap { entry in
            guard known.insert(entry.key).inserted else {
                file.diagnostics.add(entry.line, "the key '\(entry.key)' is there more than once")
                return nil
            }
            return self.link(entry, nameTable, file.diagnostics)
        }
    }

    private static func link(
        _ entry: SourceNode.Entry,
        _ nameTable: NameTable,
        _ diagnostics: Diagnostics
    ) -> LinkRule? {
        guard var rule = self.ends(entry, nameTable, diagnostics),
            let fields = MappingDecoder(entry.value, known: self.linkKeys, diagnostics)
        else { return nil }
        rule.latency = self.latency(fields)
        rule.drop = fields.optional("drop", .chance())
        rule.duplicate = fields.optional("duplicate", .chance())
        rule.reorder = fields.optional("reorder", .chance())
        return rule
    }

    /// Reads `default` or `payment->ledger`.
    private static func ends(
        _ entry: SourceNode.Entry,
        _ nameTable: NameTable,
        _ diagnostics: Diagnostics
    ) -> LinkRule? {
        guard entry.key != "default" else { return LinkRule() }
        guard let arrow = entry.key.firstRange(of: "->") else {
            let key = NearestName.quoted(entry.key)
            diagnostics.add(
                entry.line,
                "\(key) is no link: expected default or \"payment->ledger\""
            )
            return nil
        }
        let ends = [entry.key[..<arrow.lowerBound], entry.key[arrow.upperBound...]].map(String.init)
        for end in ends where nameTable.role(of: end) == nil {
            diagnostics.add(entry.line, nameTable.sentence(forUnknown: end))
        }
        if ends[0] == ends[1] {
            diagnostics.add(entry.line, "a link leads from one to another")
        }
        return LinkRule(from: ends[0], to: ends[1])
    }

    private static func latency(_ link: MappingDecoder) -> Latency? {
        guard let fields = link.fields("latency", known: self.latencyKeys) else { return nil }
        var latency = Latency()
        fields.take("dist", .oneCase("distribution"), into: &latency.shape)
        fields.take("min", .duration(), into: &latency.min)
        fields.take("mean", .duration(), into: &latency.mean)
        fields.take("max", .duration(), into: &latency.max)
        let isInOrder =
            switch latency.shape {
            case .constant: true
            case .uniform: latency.min <= latency.max
            case .exponential, .lognormal:
                latency.min <= latency.mean && latency.mean <= latency.max
            }
        if !isInOrder {
            fields.diagnostics.add(
                fields.line,
                "latency: min, mean and max do not rise (what is left out is 1ms, 5ms and 2s)"
            )
        }
        return latency
    }
}
