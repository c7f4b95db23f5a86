/// Reading of a fault's trigger.
extension FaultReader {
    func trigger(of id: String?) -> FaultPlan.Trigger? {
        let found = FaultEntry.triggers.filter { self.fields[$0] != nil }
        guard found.count == 1 else {
            let rest = found.isEmpty ? "" : ", not \(found.joined(separator: " and "))"
            self.fields.diagnostics.add(
                self.fields.line,
                "a fault needs exactly one of at, after, on and every\(rest)"
            )
            return nil
        }
        switch found[0] {
        case "at": return self.at()
        case "after": return self.after(id)
        case "on": return self.on()
        default: return self.every()
        }
    }

    private func at() -> FaultPlan.Trigger? {
        guard let time = self.fields.optional("at", .duration()) else { return nil }
        if time >= self.end { self.add("at", "at: the run is over after \(self.endText)") }
        return .at(time)
    }

    private func after(_ id: String?) -> FaultPlan.Trigger? {
        let others = self.ids.filter { $0 != id && !$0.isEmpty }
        guard let other = self.fields.optional("after", .name()) else { return nil }
        guard other != id else {
            self.add("after", "the fault '\(other)' comes after itself")
            return nil
        }
        guard others.contains(other) else {
            self.add("after", "after: \(NearestName.sentence("fault", other, among: others))")
            return nil
        }
        return .after(id: other, delay: self.fields.optional("delay", .duration()) ?? .zero)
    }

    private func on() -> FaultPlan.Trigger? {
        guard let fields = self.fields.fields("on", known: ["event", "nth"]) else { return nil }
        let nth = fields.optional("nth", .integer(1...1_000_000)) ?? 1
        guard let event = fields.required("event", .choice(of: Vocabulary.events, "event")) else {
            return nil
        }
        return .on(event: event, nth: nth)
    }

    private func every() -> FaultPlan.Trigger? {
        let jitter = self.fields.optional("jitter", .duration()) ?? .zero
        guard let period = self.fields.optional("every", .window()) else { return nil }
        if period >= self.end { self.add("every", "every: the run is over after \(self.endText)") }
        return .every(period, jitter: jitter)
    }

    private var endText: String { ScalarSyntax.text(self.end) }
}
