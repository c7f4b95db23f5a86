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
        items += self.scope(plan.scope, isUsual: plan.kind.strikesSystem)
        items += self.arguments(plan.kind)
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

    /// `isUsual` when everything is struck without being said.
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

    private static func arguments(_ kind: FaultPlan.Kind) -> [(key: String, value: FlowText)] {
        switch kind {
        case .netDrop(let chance), .netDuplicate(let chance), .netReorder(let chance):
            [("p", .number(chance))]
        case .netDelay(let time), .procSlow(let time), .diskSlow(let time), .clockJump(let time):
            [("by", .duration(time))]
        case .rpcAbort(let status, let method):
            (status == "UNAVAILABLE" ? [] : [("status", .atom(status))]) + self.method(method)
        case .rpcDelay(let time, let method): [("by", .duration(time))] + self.method(method)
        case .rpcRequestLoss(let method), .rpcReplyLoss(let method), .rpcCorrupt(let method),
            .rpcTruncate(let method):
            self.method(method)
        case .procCrash(let restartAfter, let steps): self.crash(restartAfter, steps)
        case .procRestart(let gap): gap == .seconds(1) ? [] : [("gap", .duration(gap))]
        case .clockDrift(let rate): [("rate", .number(rate))]
        case .authRotate(let overlap), .authRotateKeys(let overlap):
            [("overlap", .duration(overlap))]
        case .netPartition, .netReset, .netClog, .procPause, .diskError, .diskFull, .diskUnsaid,
            .diskLoseUnsynced, .diskTorn, .diskBitflip, .dnsFail, .dnsStale, .authExpire,
            .authNotBefore, .authDropScope,
            .authWrongAudience, .authJWKSDown, .healthNotServing, .step:
            []
        }
    }

    private static func method(_ method: String?) -> [(key: String, value: FlowText)] {
        method.map { [("method", .atom($0))] } ?? []
    }

    private static func crash(
        _ restartAfter: Duration?,
        _ steps: ClosedRange<Int>?
    ) -> [(key: String, value: FlowText)] {
        var items: [(key: String, value: FlowText)] = []
        if let restartAfter { items.append(("restart_after", .duration(restartAfter))) }
        if let steps { items.append(("steps", .atom("\(steps.lowerBound)..\(steps.upperBound)"))) }
        return items
    }
}

extension FaultPlan.Kind {
    fileprivate var strikesSystem: Bool {
        if case .step = self { return true }
        return FaultGrammar.all.contains { $0.name == self.name && $0.strikes == .system }
    }
}
