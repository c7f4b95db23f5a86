extension ScenarioWriter {
    static func client(_ plan: ClientPlan) -> FlowText {
        let usual = ClientPlan(name: plan.name)
        var items: [(key: String, value: FlowText)] = [("name", .atom(plan.name))]
        if plan.count != usual.count { items.append(("count", .integer(plan.count))) }
        if plan.total != usual.total { items.append(("total", .integer(plan.total))) }
        if plan.ops != usual.ops { items.append(("ops", self.operations(plan.ops))) }
        if plan.deadline != usual.deadline { items.append(("deadline", .duration(plan.deadline))) }
        if plan.retry != usual.retry { items.append(("retry", self.retry(plan.retry))) }
        if plan.idempotency != usual.idempotency {
            items.append(("idempotency", .atom(plan.idempotency.rawValue)))
        }
        if plan.sharesOrders { items.append(("orders", .atom("shared"))) }
        if plan.start != usual.start { items.append(("start", .duration(plan.start))) }
        if plan.pause != usual.pause { items.append(("pause", .duration(plan.pause))) }
        if plan.scopes != usual.scopes { items.append(("scopes", .names(plan.scopes))) }
        if plan.tokenLifetime != usual.tokenLifetime {
            items.append(("token_lifetime", .duration(plan.tokenLifetime)))
        }
        if plan.invalidRequestChance != usual.invalidRequestChance {
            items.append(("mischief", .number(plan.invalidRequestChance)))
        }
        return .map(items)
    }

    private static func operations(_ ops: OperationMix) -> FlowText {
        let weights = zip(ScenarioReader.operationKeys, [ops.pay, ops.refund, ops.read])
        return .map(weights.filter { $0.1 != 0 }.map { (key: $0, value: .integer($1)) })
    }

    private static func retry(_ retry: RetryPlan) -> FlowText {
        let usual = RetryPlan()
        var items: [(key: String, value: FlowText)] = []
        if retry.max != usual.max { items.append(("max", .integer(retry.max))) }
        if retry.backoff != usual.backoff {
            items.append(("backoff", .atom(retry.backoff.rawValue)))
        }
        if retry.wait != usual.wait { items.append(("wait", .duration(retry.wait))) }
        if retry.waitMax != usual.waitMax { items.append(("max_wait", .duration(retry.waitMax))) }
        return .map(items)
    }
}
