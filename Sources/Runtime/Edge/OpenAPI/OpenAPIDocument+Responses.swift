internal import Domain
internal import StrictJSON

extension OpenAPIDocument {
    /// The responses of a route: success first, then problems by ascending status.
    func responses(of route: Route) -> JSONValue {
        var responses = JSONObject([("200", self.success(of: route))])
        var problems: [Int: [String]] = [:]
        for code in Self.edgeProblems + self.problems(of: route) {
            problems[code.status, default: []].append(code.title)
        }
        for (status, titles) in problems.sorted(by: { $0.key < $1.key }) {
            responses[String(status)] = Self.response(
                "\(titles.joined(separator: "; ")).",
                "application/problem+json",
                .reference("schemas", SchemaName.problem)
            )
        }
        if route.canBeUnready {
            responses["503"] = Self.response(
                "Payments cannot be made.",
                "application/json",
                .reference("schemas", SchemaName.health)
            )
        }
        return .object(responses)
    }

    private func success(of route: Route) -> JSONValue {
        let schema: JSONValue =
            switch route.target {
            case .action(let name): .reference("schemas", SchemaName.answer(name))
            case .catalogue: ["oneOf": .array(self.answerSchemas)]
            case .health: .reference("schemas", SchemaName.health)
            case .document: ["type": "object"]
            }
        let headers = route.hasBody ? [("Idempotency-Replayed", "IdempotencyReplayed")] : []
        return Self.response("Done.", "application/json", schema, headers: headers)
    }

    private var answerSchemas: [JSONValue] {
        self.catalogue.actions.map { .reference("schemas", SchemaName.answer($0.name)) }
    }

    private static func response(
        _ description: String,
        _ contentType: String,
        _ schema: JSONValue,
        headers: [(name: String, reference: String)] = []
    ) -> JSONValue {
        let all = [("X-Request-Id", "RequestID")] + headers
        let content: JSONValue = ["schema": schema]
        return [
            "description": .string(description),
            "headers": .object(JSONObject(all.map { ($0, .reference("headers", $1)) })),
            "content": .object(JSONObject([(contentType, content)])),
        ]
    }

    /// The edge's own errors, possible on every route.
    private static let edgeProblems: [ProblemCode] = [
        .malformedRequest, .requestTimeout, .headerTooLarge,
    ]

    private func problems(of route: Route) -> [ProblemCode] {
        route.needsToken ? ProblemCode.allCases.filter { self.canCause($0, route) } : []
    }

    /// True if `route` can answer with `code`, as derived from the route's fields.
    private func canCause(_ code: ProblemCode, _ route: Route) -> Bool {
        switch code {
        case .malformedRequest, .malformedTarget, .requestTimeout, .headerTooLarge,
            .routeNotFound, .methodNotAllowed:
            false
        case .unknownAction: route.target == .catalogue
        case .paymentNotFound: self.takes("payment_id", route)
        case .orderConflict: self.takes("order_id", route)
        case .refundExceedsRemaining, .alreadyRefunded, .tooManyRefunds:
            route.hasBody && self.takes("payment_id", route)
        case .conflict, .idempotencyKeyReused: route.hasBody
        default: true
        }
    }

    private func takes(_ field: String, _ route: Route) -> Bool {
        route.target == .catalogue || route.fields.contains { $0.name == field }
    }
}
