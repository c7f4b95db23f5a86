/// Reading of the clients and their plans.
extension ScenarioReader {
    static let clientKeys = [
        "name", "count", "total", "ops", "deadline", "retry", "idempotency", "orders", "start",
        "pause", "scopes", "token_lifetime", "mischief",
    ]
    static let retryKeys = ["max", "backoff", "wait", "max_wait"]
    static let operationKeys = ["pay", "refund", "read"]
    static let plansMax = 32
    static let clientsMax = 1_000_000
    static let operationsMax = 1_000_000

    static func clients(_ file: MappingDecoder) -> [ClientPlan] {
        let nodes = file.items("clients", max: self.plansMax)
        if nodes.isEmpty {
            file.diagnostics.add(
                file.line(of: "clients"),
                "the key 'clients' must list at least one plan of clients"
            )
        }
        var plans: [ClientPlan] = []
        for node in nodes {
            guard let fields = MappingDecoder(node, known: self.clientKeys, file.diagnostics) else {
                continue
            }
            let plan = self.client(fields)
            if plans.contains(where: { $0.name == plan.name }) {
                file.diagnostics.add(
                    fields.line(of: "name"),
                    "the client '\(plan.name)' is there twice"
                )
            }
            plans.append(plan)
        }
        if plans.map(\.total).reduce(0, +) > self.operationsMax {
            file.diagnostics.add(
                file.line(of: "clients"),
                "the totals of all clients are above \(self.operationsMax)"
            )
        }
        if plans.map(\.count).reduce(0, +) > self.clientsMax {
            file.diagnostics.add(
                file.line(of: "clients"),
                "the counts of all clients are above \(self.clientsMax)"
            )
        }
        return plans
    }

    private static func client(_ fields: MappingDecoder) -> ClientPlan {
        var plan = ClientPlan(name: fields.required("name", self.clientName()) ?? "")
        fields.take("count", .integer(1...self.clientsMax, isGrouped: true), into: &plan.count)
        fields.take("total", .integer(1...self.operationsMax, isGrouped: true), into: &plan.total)
        fields.take("deadline", .window(), into: &plan.deadline)
        fields.take("idempotency", .oneCase("value"), into: &plan.idempotency)
        fields.take("start", .duration(), into: &plan.start)
        fields.take("pause", .duration(), into: &plan.pause)
        fields.take(
            "scopes",
            .set(of: .choice(of: Vocabulary.scopes, "scope"), max: Vocabulary.scopes.count),
            into: &plan.scopes
        )
        fields.take("token_lifetime", .window(), into: &plan.tokenLifetime)
        fields.take("mischief", .chance(), into: &plan.invalidRequestChance)
        if let orders = fields.optional("orders", .choice(of: ["own", "shared"], "value")) {
            plan.sharesOrders = orders == "shared"
        }
        self.takeOperations(fields, into: &plan.ops)
        self.takeRetry(fields, into: &plan.retry)
        return plan
    }

    /// Reads a name that no service has, and that no client of another plan has.
    private static func clientName() -> ValueDecoder<String> {
        ValueDecoder { node throws(Diagnostic) in
            let name = try ValueDecoder<String>.name().read(node)
            guard !Vocabulary.reserved.contains(name) else {
                throw Diagnostic(
                    node,
                    "'\(name)' means something else; a client needs a name of its own"
                )
            }
            let end = name.utf8.reversed().prefix { (0x30...0x39).contains($0) }.count
            guard end == 0 || name.dropLast(end).last != "-" else {
                throw Diagnostic(
                    node,
                    "'\(name)' would be one client of several: leave out '-' and number"
                )
            }
            return name
        }
    }

    /// Reads a mix of operations; an operation that is left out has weight 0.
    private static func takeOperations(_ client: MappingDecoder, into ops: inout OperationMix) {
        guard let fields = client.fields("ops", known: self.operationKeys) else { return }
        let weights = self.operationKeys.map { fields.optional($0, .integer(0...1_000)) ?? 0 }
        (ops.pay, ops.refund, ops.read) = (weights[0], weights[1], weights[2])
        if weights.allSatisfy({ $0 == 0 }) {
            fields.diagnostics.add(fields.line, "ops: at least one weight must be above 0")
        }
    }

    private static func takeRetry(_ client: MappingDecoder, into retry: inout RetryPlan) {
        guard let fields = client.fields("retry", known: self.retryKeys) else { return }
        fields.take("max", .integer(0...100), into: &retry.max)
        fields.take("backoff", .oneCase("backoff"), into: &retry.backoff)
        fields.take("wait", .duration(), into: &retry.wait)
        fields.take("max_wait", .duration(), into: &retry.waitMax)
        if retry.wait > retry.waitMax {
            fields.diagnostics.add(
                fields.line,
                "retry: wait is longer than max_wait (what is left out is 100ms and 5s)"
            )
        }
    }
}
