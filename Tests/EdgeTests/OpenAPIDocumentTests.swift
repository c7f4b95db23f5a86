import Domain
import StrictJSON
import Testing

@testable import Edge

@Suite("The OpenAPI document")
struct OpenAPIDocumentTests {
    private let document: JSONValue
    private let paths: JSONValue?
    private let schemas: JSONValue?

    init() throws {
        let bytes = try StandardGateway.document().bytes
        self.document = try JSONReader.read(bytes, limits: JSONLimits(bytesMax: 1 << 20))
        self.paths = self.document.object?["paths"]
        self.schemas = self.document["components", "schemas"]
    }

    @Test("has version 3.1 and the version of the API")
    func versions() {
        #expect(self.document["openapi"]?.string == "3.1.0")
        #expect(self.document["info", "version"]?.string == "1.2.3")
    }

    @Test("has every route of the gateway, in order")
    func routes() {
        let expected = [
            "/pay", "/pay-dynamic", "/refund", "/payments/{payment_id}", "/health",
            "/health/ready", "/health/live", "/openapi.json",
        ]
        #expect(self.paths?.object?.members.map(\.name) == expected)
        #expect(self.paths?["/payments/{payment_id}", "get", "operationId"] == "get_payment")
    }

    @Test("requires a token, and names the scope, where the gateway does")
    func security() {
        #expect(self.document["components", "securitySchemes", "bearer", "bearerFormat"] == "JWT")
        #expect(self.paths?["/pay", "post", "security"] == [["bearer": ["payment:write"]]])
        #expect(self.paths?["/pay-dynamic", "post", "security"] == [["bearer": []]])
        #expect(self.paths?["/health", "get"] != nil)
        #expect(self.paths?["/health", "get", "security"] == nil)
    }

    @Test("takes the same fields from JSON and from forms")
    func requestBody() {
        let schema: JSONValue = ["schema": ["$ref": "#/components/schemas/create_payment_request"]]
        let content = self.paths?["/pay", "post", "requestBody", "content"]
        #expect(content?["application/json"] == schema)
        #expect(content?["application/x-www-form-urlencoded"] == schema)
    }

    @Test("describes a field as its rule does")
    func fields() {
        let request = self.schemas?["create_payment_request"]
        #expect(request?["required"] == ["order_id", "amount"])
        #expect(request?["additionalProperties"] == false)
        #expect(request?["properties", "amount", "minimum"]?.int64 == 1)
        #expect(request?["properties", "amount", "maximum"]?.int64 == 99_999_999)
        #expect(request?["properties", "currency", "pattern"]?.string == "^[A-Z]{3}$")
        #expect(request?["properties", "method", "enum"] == ["CARD", "WALLET", "BANK"])
    }

    @Test("lists a field of the path there, and not in a body")
    func pathField() {
        let parameters = self.paths?["/payments/{payment_id}", "get", "parameters"]?.array
        #expect(parameters?.first?["name"]?.string == "payment_id")
        #expect(parameters?.first?["in"]?.string == "path")
        #expect(parameters?.first?["required"] == true)
        #expect(self.schemas?["get_payment_request"] == nil)
    }

    @Test("offers every action where the request names it; only the default may be omitted")
    func catalogue() {
        let content = self.paths?["/pay-dynamic", "post", "requestBody", "content"]
        #expect(content?["application/json", "schema", "oneOf"]?.array?.count == 3)
        let refund = self.schemas?["create_refund_run"]
        #expect(refund?["required"] == ["payment_id", "action"])
        #expect(refund?["properties", "action", "const"] == "create_refund")
        #expect(self.schemas?["create_payment_run", "required"] == ["order_id", "amount"])
    }

    @Test(
        "lists every status of a route",
        arguments: [
            ("/pay", "post", "200 400 401 403 408 409 413 415 422 429 431 499 500 501 503 504"),
            (
                "/refund", "post",
                "200 400 401 403 404 408 409 413 415 422 429 431 499 500 501 503 504"
            ),
            (
                "/payments/{payment_id}", "get",
                "200 400 401 403 404 408 413 415 429 431 499 500 501 503 504"
            ),
            ("/health", "get", "200 400 408 431 503"),
            ("/health/ready", "get", "200 400 408 431 503"),
            ("/health/live", "get", "200 400 408 431"),
            ("/openapi.json", "get", "200 400 408 431"),
        ]
    )
    func statuses(path: String, method: String, statuses: String) {
        let responses = self.paths?[path, method, "responses"]?.object
        #expect(responses?.members.map(\.name).joined(separator: " ") == statuses)
    }

    @Test("refers only to components that exist")
    func references() {
        #expect(!self.document.references.isEmpty)
        for reference in self.document.references {
            let steps = reference.split(separator: "/").dropFirst().map(String.init)
            let target = steps.reduce(self.document as JSONValue?) { $0?.object?[$1] }
            #expect(target != nil, "\(reference)")
        }
    }
}

extension JSONValue {
    fileprivate subscript(path: String...) -> JSONValue? {
        path.reduce(self as JSONValue?) { value, name in value?.object?[name] }
    }

    fileprivate var references: [String] {
        switch self {
        case .object(let object):
            object.members.flatMap { member in
                member.name == "$ref" ? [member.value.string ?? ""] : member.value.references
            }
        case .array(let values): values.flatMap(\.references)
        case .null, .bool, .number, .string: []
        }
    }
}
