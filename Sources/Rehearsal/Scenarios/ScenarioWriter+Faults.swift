extension ScenarioWriter {
    static func fault(_ plan: FaultPlan) -> FlowText {
        var items: [(key: String, value: FlowText)] = [("id", .atom(plan.id))]
        items += self.trigger(plan.trigger)
        if let lasting = plan.lasting { items.append(("for", .duration(lasting))) }
        if case .step(let name) = plan.kind {
            items.append(("step", .atom(name)))
        } else {
            items.append(("do", .atom(plan.kind.name)))
        }
        let entry = plan.kind.entry
        items += self.scope(plan.scope, isUsual: entry.strikes == .system)
        items += entry.write(plan.kind) ?? []
        if plan.losesUnsynced { items.append(("disk", .atom("lose_unsynced"))) }
        if plan.chance != 1 { items.append(("p", .number(plan.chance))) }
        if let times = plan.times { items.append(("times", .integer(times))) }
        return .map(items)
    }

    private static func trigger(
        _ trigger: FaultPlan.Trigger
    ) -> [(key: String, value: FlowText)] {
        switch trigger {
        case .at(let time): [("at", .duration(time))]
        case .after(let id, let delay):
            [("after", .atom(id))] + (delay == .zero ? [] : [("delay", .duration(delay))])
        case .on(let event, let nth):
            [("on", .map([("event", .atom(event)), ("nth", .integer(nth))]))]
        case .every(let period, let jitter):
            [("every", .duration(period))]
                + (jitter == .zero ? [] : [("jitter", .duration(jitter))])
        }
    }

    /// The keys of a scope; `isUsual` when everything is the default, which is left out.
    private static func scope(
        _ scope: FaultPlan.Scope,
        isUsual: Bool
    ) -> [(key: String, value: FlowText)] {
        switch scope {
        case .between(let first, let second, let isOneWay):
            [("between", .list([.names(first), .names(second)]))]
                + (isOneWay ? [("direction", .atom("forward"))] : [])
        case .target(let name): [("target", .atom(name))]
        case .any(let service): [("target", .map([("any", .atom(service))]))]
        case .each(let service): [("target", .map([("each", .atom(service))]))]
        case .everything: isUsual ? [] : [("target", .atom("all"))]
        }
    }
}
