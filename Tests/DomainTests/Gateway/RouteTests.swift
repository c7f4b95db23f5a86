import Domain
import Testing

@Suite("Routes")
struct RouteTests {
    @Test("the table matches the contract, with the scope of each route")
    func table() throws {
        let routes = try Shop().gateway.routes
        let lines = routes.map { "\($0.method) \($0.path) \($0.scope ?? "-")" }
        let contract = [
            "POST /pay payment:write",
            "POST /pay-dynamic -",
            "POST /refund refund:write",
            "GET /payments/{payment_id} payment:read",
            "GET /health -",
            "GET /health/ready -",
            "GET /health/live -",
            "GET /openapi.json -",
        ]
        #expect(lines == contract)
        #expect(routes.map(\.target).last == .document)
    }

    @Test("a route describes its fields and its answer, for the document")
    func description() throws {
        let routes = try Shop().gateway.routes
        let fields = routes[0].fields.map { $0.name + ($0.isRequired ? "" : "?") }
        #expect(fields == ["order_id", "amount", "currency?", "method?"])
        #expect(routes[0].fields[1].kind == .integer(1...99_999_999))
        let answer = ["payment_id", "order_id", "amount", "currency", "method", "status"]
        #expect(routes[0].answer.map(\.name) == answer)
        #expect(routes[2].fields.map(\.isRequired) == [true, false, false])
        #expect(routes[3].path.parameters == ["payment_id"])
        #expect(routes[3].answer.map(\.name) == answer + ["refunds", "remaining"])
        #expect(routes.allSatisfy { !$0.summary.isEmpty })
    }

    @Test("every parameter of a path is a field of its action")
    func parameters() throws {
        for route in try Shop().gateway.routes {
            #expect(route.path.parameters.allSatisfy { route.fields.map(\.name).contains($0) })
        }
    }

    @Test("the gateway leaves the document to the edge")
    func document() async throws {
        #expect(try await Shop().send("GET", "/openapi.json").status == 501)
    }

    @Test("every problem has a title, a status of its kind and a type that names it")
    func problems() {
        for code in ProblemCode.allCases {
            let answer = Problem(code, "x").response(path: "/", requestID: "r")
            #expect(answer.status == code.status)
            #expect((400...504).contains(answer.status))
            #expect(!answer.text("title").isEmpty)
            #expect(answer.text("type") == "urn:florin:problem:" + code.rawValue)
        }
    }
}
