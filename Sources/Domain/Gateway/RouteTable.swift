/// Every route, and the lookup by request.
struct RouteTable: Sendable {
    let routes: [Route]

    init(over catalogue: Catalogue) throws(CatalogueError) {
        self.routes = [
            try .action("create_payment", "POST", "/pay", in: catalogue),
            .catalogue("POST", "/pay-dynamic"),
            try .action("create_refund", "POST", "/refund", in: catalogue),
            try .action("get_payment", "GET", "/payments/{payment_id}", in: catalogue),
            .health(.services, "Show how the services are"),
            .health(.ready, "Say whether payments can be made: for balancers"),
            .health(.live, "Say that this gateway answers"),
            .document("GET", "/openapi.json"),
        ]
    }

    /// The matching route and its path parameters.
    ///
    /// - Throws: `routeNotFound` for an unknown path, `methodNotAllowed` for an unsupported method.
    func match(
        _ request: GatewayRequest
    ) throws(Problem) -> (route: Route, fields: [GatewayRequest.Field]) {
        let method = request.method == "HEAD" ? "GET" : request.method
        let segments = PathTemplate.segments(of: request.path)
        var allowed: [String] = []
        for route in self.routes {
            guard let fields = route.path.match(segments) else { continue }
            if route.method == method { return (route, fields) }
            allowed.append(route.method == "GET" ? "GET, HEAD" : route.method)
        }
        guard !allowed.isEmpty else {
            throw Problem(.routeNotFound, "No route has this path.")
        }
        throw .takesOnly(allowed.joined(separator: ", "))
    }
}

extension Route {
    fileprivate static func action(
        _ name: String,
        _ method: String,
        _ path: String,
        in catalogue: Catalogue
    ) throws(CatalogueError) -> Route {
        guard let action = catalogue.action(named: name) else { throw .missingAction(name) }
        return Route(
            method: method,
            path: PathTemplate(path),
            summary: action.summary,
            target: .action(name),
            scope: action.scope,
            fields: action.fields,
            answer: action.answer
        )
    }

    fileprivate static func catalogue(_ method: String, _ path: String) -> Route {
        Route(
            method: method,
            path: PathTemplate(path),
            summary: "Run an action of the catalogue, with that action's fields",
            target: .catalogue,
            scope: nil,
            fields: [.action],
            answer: []
        )
    }

    fileprivate static func health(_ check: HealthCheck, _ summary: String) -> Route {
        Route(
            method: "GET",
            path: PathTemplate(check.rawValue),
            summary: summary,
            target: .health(check),
            scope: nil,
            fields: [],
            answer: AnswerField.health
        )
    }

    fileprivate static func document(_ method: String, _ path: String) -> Route {
        Route(
            method: method,
            path: PathTemplate(path),
            summary: "Show this document",
            target: .document,
            scope: nil,
            fields: [],
            answer: []
        )
    }
}
