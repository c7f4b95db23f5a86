package import Domain
internal import StrictJSON

/// The gateway's API as an OpenAPI 3.1 document, generated from its routes and actions.
///
/// Field schemas come from the validation rules, and problem responses from the fields that can
/// cause them.
package struct OpenAPIDocument {
    let routes: [Route]
    let catalogue: Catalogue
    let version: String

    /// Describes the API; `version` becomes `info.version`.
    package init(routes: [Route], catalogue: Catalogue, version: String) {
        self.routes = routes
        self.catalogue = catalogue
        self.version = version
    }

    /// The document as an ``EdgeDocument``, encoded once.
    package func document(at path: String = "/openapi.json") -> EdgeDocument {
        let content = EdgeDocument.Content(contentType: "application/json", bytes: self.bytes)
        return EdgeDocument(path: path) { _ in content }
    }

    /// The document as JSON.
    package var bytes: [UInt8] { JSONWriter.write(self.root) }

    private var root: JSONValue {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Florin",
                "summary": "Payments and refunds",
                "version": .string(self.version),
            ],
            "servers": [["url": "/"]],
            "paths": self.paths,
            "components": [
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"]
                ],
                "parameters": Self.parameters,
                "headers": Self.headers,
                "schemas": self.schemas,
            ],
        ]
    }

    /// The operations by path, then by method, in the order of the routes.
    private var paths: JSONValue {
        var paths = JSONObject()
        for route in self.routes {
            var item = paths[route.path.description]?.object ?? JSONObject()
            item[route.method.lowercased()] = self.operation(route)
            paths[route.path.description] = .object(item)
        }
        return .object(paths)
    }

    private static let parameters: JSONValue = [
        "RequestID": [
            "name": "X-Request-Id",
            "in": "header",
            "description": "Names the request in answers and logs; made if left out.",
            "schema": ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"],
        ],
        "IdempotencyKey": [
            "name": "Idempotency-Key",
            "in": "header",
            "description": "The same key and fields give the first answer again.",
            "schema": [
                "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$",
            ],
        ],
    ]

    private static let headers: JSONValue = [
        "RequestID": [
            "description": "The id of the request, taken from it or made.",
            "schema": ["type": "string"],
        ],
        "IdempotencyReplayed": [
            "description": "Stands there if this is the first answer again.",
            "schema": ["type": "string", "const": "true"],
        ],
    ]
}

extension JSONValue {
    static func reference(_ kind: String, _ name: String) -> JSONValue {
        ["$ref": "#/components/\(kind)/\(name)"]
    }
}

extension JSONObject {
    init(_ members: [(String, JSONValue)]) {
        self.init()
        for (name, value) in members { self[name] = value }
    }
}
