/// Reads one fault.
struct FaultReader {
    let fields: MappingDecoder
    let nameTable: NameTable
    /// The ids of all faults of the file.
    let ids: [String]
    /// The end of the run.
    let end: Duration

    static let timesMax = 100_000

    /// Reads the fault; nil when it has no id, trigger, kind or targets.
    ///
    /// Every error is reported.
    func read() -> FaultPlan? {
        let id = self.fields.required("id", .name())
        let trigger = self.trigger(of: id)
        guard let (kind, scope) = self.deed(), let id, let trigger else { return nil }
        var plan = FaultPlan(id: id, trigger: trigger, kind: kind, scope: scope)
        plan.lasting = self.fields.optional("for", .window())
        plan.times = self.fields.optional("times", .integer(1...Self.timesMax))
        if !kind.entry.needs.contains("p") { self.fields.take("p", .chance(), into: &plan.chance) }
        let disk = self.fields.optional("disk", .choice(of: ["lose_unsynced"], "value"))
        plan.losesUnsynced = disk != nil
        return plan
    }

    /// Reads the effect and its targets from `do` or `step`.
    private func deed() -> (FaultPlan.Kind, FaultPlan.Scope)? {
        guard self.fields["step"] == nil else {
            return self.step().map { (.step($0), .everything) }
        }
        guard let name = self.fields.required("do", ScenarioReader.kind()),
            let entry = FaultEntry.all.first(where: { $0.name == name })
        else { return nil }
        self.refuseStrayKeys(entry)
        self.refuseMissingWindow(entry)
        let scope = self.scope(entry)
        guard let kind = entry.read(self), let scope else { return nil }
        return (kind, scope)
    }

    private func step() -> String? {
        if self.fields["do"] != nil { self.add("step", "an entry has do or step, not both") }
        self.refuseStrayKeys(.step)
        return self.fields.optional("step", .choice(of: Vocabulary.steps, "step"))
    }

    private func refuseStrayKeys(_ entry: FaultEntry) {
        for key in self.fields.keys where !entry.allows(key) {
            self.add(key, "'\(key)' does not belong to \(entry.name)")
        }
        if self.fields["delay"] != nil, self.fields["after"] == nil {
            self.add("delay", "'delay' belongs to 'after' only")
        }
        if self.fields["jitter"] != nil, self.fields["every"] == nil {
            self.add("jitter", "'jitter' belongs to 'every' only")
        }
        if self.fields["direction"] != nil, self.fields["between"] == nil {
            self.add("direction", "'direction' belongs to 'between' only")
        }
        if self.fields["times"] != nil, self.fields["every"] == nil, entry.lasts != .mustOrTimes {
            self.add("times", "'times' does not belong to \(entry.name) without 'every'")
        }
    }

    private func refuseMissingWindow(_ entry: FaultEntry) {
        guard self.fields["for"] == nil else { return }
        switch entry.lasts {
        case .must: self.add("do", "\(entry.name) needs 'for'")
        case .mustOrTimes where self.fields["times"] == nil:
            self.add("do", "\(entry.name) needs 'for' or 'times'")
        case .mustOrTimes, .may, .never: break
        }
    }

    func add(_ key: String, _ sentence: String) {
        self.fields.diagnostics.add(self.fields.line(of: key), sentence)
    }
}
