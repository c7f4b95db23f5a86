internal import Domain
internal import StrictJSON

extension OpenAPIDocument {
    func operation(_ route: Route) -> JSONValue {
        var operation = JSONObject([
            ("operationId", .string(route.operationID)),
            ("summary", .string(route.summary)),
            ("parameters", .array(self.parameters(of: route))),
        ])
        if route.needsToken {
            operation["security"] = [["bearer": .array(route.scope.map { [.string($0)] } ?? [])]]
        }
        if route.hasBody { operation["requestBody"] = self.requestBody(of: route) }
        operation["responses"] = self.responses(of: route)
        return .object(operation)
    }

    private func parameters(of route: Route) -> [JSONValue] {
        let inPath = route.fields.filter { route.path.parameters.contains($0.name) }
        let inQuery = route.hasBody ? [] : route.fields.filter { !inPath.contains($0) }
        let headers = ["RequestID"] + (route.hasBody ? ["IdempotencyKey"] : [])
        return inPath.map { Self.parameter($0, in: "path") }
            + inQuery.map { Self.parameter($0, in: "query") }
            + headers.map { JSONValue.reference("parameters", $0) }
    }

    private static func parameter(_ rule: FieldRule, in place: String) -> JSONValue {
        [
            "name": .string(rule.name),
            "in": .string(place),
            "required": .bool(rule.isRequired),
            "description": .string(rule.summary),
            "schema": Self.schema(of: rule),
        ]
    }

    private func requestBody(of route: Route) -> JSONValue {
        let content: JSONValue = ["schema": self.requestSchema(of: route)]
        return [
            "description": "Fields may also stand in the query.",
            "content": [
                "application/json": content,
                "application/x-www-form-urlencoded": content,
            ],
        ]
    }

    private func requestSchema(of route: Route) -> JSONValue {
        switch route.target {
        case .action(let name):
            return .reference("schemas", SchemaName.request(name))
        case .catalogue:
            let names = self.catalogue.actions.map { SchemaName.run($0.name) }
            return ["oneOf": .array(names.map { .reference("schemas", $0) })]
        case .health, .document:
            return ["type": "object"]
        }
    }
}

extension Route {
    fileprivate var operationID: String {
        switch self.target {
        case .action(let name): name
        case .catalogue: "run_action"
        case .health(.services): "get_health"
        case .health(.ready): "get_readiness"
        case .health(.live): "get_liveness"
        case .document: "get_document"
        }
    }

    var needsToken: Bool {
        switch self.target {
        case .action, .catalogue: true
        case .health, .document: false
        }
    }

    /// True if the route may answer 503 to tell load balancers to go elsewhere.
    var canBeUnready: Bool {
        switch self.target {
        case .health(.services), .health(.ready): true
        case .health(.live), .action, .catalogue, .document: false
        }
    }

    var hasBody: Bool { self.method == "POST" }
}
