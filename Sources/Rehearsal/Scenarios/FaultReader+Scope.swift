/// Reading of a fault's targets.
extension FaultReader {
    func scope(_ entry: FaultEntry) -> FaultPlan.Scope? {
        let hasSides = self.fields["between"] != nil && entry.strikes == .links
        switch (hasSides, self.fields["target"]) {
        case (true, nil): return self.sides()
        case (false, let node?): return self.target(node, entry)
        case (false, nil) where entry.strikes == .system: return .everything
        case (true, _?):
            self.add("target", "\(entry.name) needs 'between' or 'target', not both")
            return nil
        case (false, nil):
            let keys = entry.strikes == .links ? "'between' or 'target'" : "'target'"
            self.add("do", "\(entry.name) needs \(keys)")
            return nil
        }
    }

    private func sides() -> FaultPlan.Scope? {
        let direction = self.fields.optional(
            "direction",
            .choice(of: ["both", "forward"], "direction")
        )
        let side = ValueDecoder<[String]>.set(of: self.member(), max: 64)
        guard let sides = self.fields.optional("between", .list(of: side, max: 2)) else {
            return nil
        }
        guard sides.count == 2 else {
            self.add("between", "between: expected two sides such as [[ledger], [payment]]")
            return nil
        }
        for name in sides[1] {
            guard let other = sides[0].first(where: { self.nameTable.overlap($0, name) }) else {
                continue
            }
            self.add("between", "between: '\(name)' and '\(other)' are on both sides")
        }
        return .between(sides[0], sides[1], isOneWay: direction == "forward")
    }

    private func target(_ node: SourceNode, _ entry: FaultEntry) -> FaultPlan.Scope? {
        if case .map = node.content { return self.chosen(node, entry) }
        guard let name = self.fields.optional("target", .text(max: 256)) else { return nil }
        if name == "all" { return .everything }
        guard entry.strikes != .system else {
            self.add("target", "target: \(entry.name) strikes all, not one")
            return nil
        }
        guard let name = self.fields.optional("target", self.member()) else { return nil }
        self.refuseImpossible(name, entry)
        return .target(name)
    }

    /// Reads `{any: payment}` or `{each: payment}`.
    private func chosen(_ node: SourceNode, _ entry: FaultEntry) -> FaultPlan.Scope? {
        let diagnostics = self.fields.diagnostics
        guard let fields = MappingDecoder(node, known: ["any", "each"], diagnostics) else {
            return nil
        }
        guard fields.keys.count == 1, entry.strikes != .system else {
            diagnostics.add(
                node.line,
                entry.strikes == .system
                    ? "target: \(entry.name) strikes all" : "target: expected one of any and each"
            )
            return nil
        }
        let key = fields.keys[0]
        let decoder = ValueDecoder<String>.choice(of: Vocabulary.services, "service")
        guard let name = fields.optional(key, decoder) else { return nil }
        self.refuseImpossible(name, entry)
        return key == "any" ? .any(name) : .each(name)
    }

    private func refuseImpossible(_ name: String, _ entry: FaultEntry) {
        let isClient = [.clients, .client].contains(self.nameTable.role(of: name))
        let family = self.nameTable.family(of: name) ?? ""
        switch entry.strikes {
        case .links, .callers, .system: return
        case .processes, .stores, .judges:
            guard isClient else { break }
            return self.add(
                "target",
                "target: \(entry.name) strikes services, '\(name)' is a client"
            )
        }
        if entry.strikes == .stores, !Vocabulary.storing.contains(family) {
            self.add("target", "target: '\(name)' has no disk")
        }
        if entry.strikes == .judges, !Vocabulary.judging.contains(family) {
            self.add("target", "target: '\(name)' judges no tokens of users")
        }
    }

    /// Reads the name of a service, client or process of the system.
    private func member() -> ValueDecoder<String> {
        ValueDecoder { node throws(Diagnostic) in
            let name = try ValueDecoder<String>.text(max: 256).read(node)
            guard self.nameTable.role(of: name) != nil else {
                throw Diagnostic(node, self.nameTable.sentence(forUnknown: name))
            }
            return name
        }
    }
}
