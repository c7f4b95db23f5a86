internal import Domain
internal import StrictJSON

/// The names of the schemas under `components`.
enum SchemaName {
    static let problem = "Problem"
    static let health = "Health"

    static func request(_ action: String) -> String { action + "_request" }
    static func answer(_ action: String) -> String { action + "_answer" }

    /// The schema of a request with the `action` member.
    static func run(_ action: String) -> String { action + "_run" }
}

extension OpenAPIDocument {
    /// The action of a request that names none.
    private static let defaultAction = "create_payment"

    var schemas: JSONValue {
        var schemas = JSONObject([(SchemaName.problem, Self.problemSchema)])
        for route in self.routes where route.target == .health(.services) {
            schemas[SchemaName.health] = Self.schema(of: route.answer)
        }
        for action in self.catalogue.actions {
            let pathFields = self.pathFields(of: action)
            let bodyFields = action.fields.filter { !pathFields.contains($0.name) }
            if !bodyFields.isEmpty {
                schemas[SchemaName.request(action.name)] = .object(Self.schema(of: bodyFields))
            }
            schemas[SchemaName.run(action.name)] = Self.runSchema(of: action)
            schemas[SchemaName.answer(action.name)] = Self.schema(of: action.answer)
        }
        return .object(schemas)
    }

    private func pathFields(of action: Action) -> [String] {
        self.routes.filter { $0.target == .action(action.name) }.flatMap(\.path.parameters)
    }

    private static func runSchema(of action: Action) -> JSONValue {
        var schema = Self.schema(of: action.fields)
        var properties = schema["properties"]?.object ?? JSONObject()
        properties["action"] = ["const": .string(action.name)]
        schema["properties"] = .object(properties)
        if action.name != Self.defaultAction {
            schema["required"] = .array((schema["required"]?.array ?? []) + ["action"])
        }
        return .object(schema)
    }

    private static func schema(of rules: [FieldRule]) -> JSONObject {
        JSONObject([
            ("type", "object"),
            ("properties", .object(JSONObject(rules.map { ($0.name, Self.described($0)) }))),
            ("required", .array(rules.filter(\.isRequired).map { .string($0.name) })),
            ("additionalProperties", false),
        ])
    }

    private static func described(_ rule: FieldRule) -> JSONValue {
        var schema = Self.schema(of: rule).object ?? JSONObject()
        schema["description"] = .string("\(rule.summary); \(rule.requirement).")
        return .object(schema)
    }

    static func schema(of rule: FieldRule) -> JSONValue {
        switch rule.kind {
        case .text(let rule):
            Self.schema(of: rule)
        case .integer(let range):
            [
                "type": "integer",
                "minimum": .number(JSONNumber(range.lowerBound)),
                "maximum": .number(JSONNumber(range.upperBound)),
            ]
        case .choice(let names):
            ["type": "string", "enum": .array(names.map { .string($0) })]
        case .currency:
            ["type": "string", "pattern": "^[A-Z]{3}$"]
        }
    }

    /// The schema of a text.
    ///
    /// JSON Schema counts characters, the rule bytes. For non-ASCII text the bounds are the widest
    /// that no valid value violates.
    private static func schema(of rule: TextRule) -> JSONValue {
        let isASCII = rule.alphabet != .text
        let lengthMin = isASCII ? rule.lengthRange.lowerBound : min(1, rule.lengthRange.lowerBound)
        var schema = JSONObject([
            ("type", "string"),
            ("minLength", .number(JSONNumber(Int64(lengthMin)))),
            ("maxLength", .number(JSONNumber(Int64(rule.lengthRange.upperBound)))),
        ])
        if isASCII {
            schema["pattern"] = rule.alphabet == .visibleASCII ? "^[!-~]*$" : "^[ -~]*$"
        }
        return .object(schema)
    }

    private static func schema(of fields: [AnswerField]) -> JSONValue {
        let properties = fields.map { field -> (String, JSONValue) in
            var schema = Self.schema(of: field.kind).object ?? JSONObject()
            schema["description"] = .string(field.summary + ".")
            return (field.name, .object(schema))
        }
        return [
            "type": "object",
            "properties": .object(JSONObject(properties)),
            "required": .array(fields.map { .string($0.name) }),
        ]
    }

    private static func schema(of kind: AnswerField.Kind) -> JSONValue {
        switch kind {
        case .text: ["type": "string"]
        case .integer: ["type": "integer", "format": "int64"]
        case .list(let fields): ["type": "array", "items": Self.schema(of: fields)]
        case .texts: ["type": "object", "additionalProperties": ["type": "string"]]
        }
    }

    private static let problemSchema: JSONValue = [
        "type": "object",
        "description": "A problem document (RFC 9457). Some codes have members of their own.",
        "properties": [
            "type": ["type": "string", "format": "uri-reference"],
            "title": ["type": "string"],
            "status": ["type": "integer"],
            "detail": ["type": "string"],
            "instance": ["type": "string"],
            "code": ["type": "string"],
            "request_id": ["type": "string"],
            "retryable": ["type": "boolean"],
            "errors": ["type": "array", "items": Self.violationSchema],
            "remaining": ["type": "integer", "format": "int64"],
            "payment_id": ["type": "string"],
            "idempotency_key": ["type": "string"],
        ],
        "required": ["type", "title", "status", "code", "request_id", "retryable"],
    ]

    private static let violationSchema: JSONValue = [
        "type": "object",
        "properties": ["field": ["type": "string"], "detail": ["type": "string"]],
        "required": ["field", "detail"],
    ]
}
