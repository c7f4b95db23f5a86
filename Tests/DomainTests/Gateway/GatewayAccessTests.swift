import Domain
import StrictJSON
import Testing

@Suite("The gateway: access")
struct GatewayAccessTests {
    let shop: Shop

    init() throws {
        self.shop = try Shop()
    }

    private func send(
        authorization: [String],
        method: String = "POST",
        path: String = "/pay",
        fields: GatewayRequest.Fields = .read(.payment())
    ) async -> GatewayResponse {
        await self.shop.gateway.handle(
            GatewayRequest(
                method: method,
                path: path,
                authorization: authorization,
                fields: fields,
                requestID: "req-1"
            )
        )
    }

    @Test(
        "an unknown path is 404, with or without a token",
        arguments: ["/", "", "/pays", "/pay/", "/payments", "/payments/", "/payments/a/b", "//pay"]
    )
    func unknownPath(path: String) async {
        let answer = await self.send(authorization: [], path: path)
        #expect(answer.status == 404)
        #expect(answer.code == "route_not_found")
    }

    @Test(
        "a wrong method is 405 and lists the right ones",
        arguments: [
            ("GET", "/pay", "POST"), ("HEAD", "/pay-dynamic", "POST"), ("PUT", "/refund", "POST"),
            ("POST", "/payments/x", "GET, HEAD"), ("DELETE", "/health", "GET, HEAD"),
            ("POST", "/openapi.json", "GET, HEAD"), ("OPTIONS", "/pay", "POST"),
        ]
    )
    func wrongMethod(method: String, path: String, allow: String) async {
        let answer = await self.send(authorization: [], method: method, path: path)
        #expect(answer.status == 405)
        #expect(answer.code == "method_not_allowed")
        #expect(answer.header("Allow") == allow)
    }

    @Test("missing credentials are 401 with a bare challenge")
    func missingCredentials() async {
        let answer = await self.send(authorization: [])
        #expect(answer.status == 401)
        #expect(answer.code == "missing_credentials")
        #expect(answer.header("WWW-Authenticate") == #"Bearer realm="florin""#)
    }

    @Test("a bad token is 401 with invalid_token")
    func invalidToken() async {
        let answer = await self.send(authorization: ["Bearer bad"])
        #expect(answer.status == 401)
        #expect(answer.code == "invalid_token")
        let challenge = #"Bearer realm="florin", error="invalid_token""#
        #expect(answer.header("WWW-Authenticate") == challenge)
    }

    @Test("unavailable keys are 503, not an invalid token")
    func noKeys() async {
        let answer = await self.send(authorization: ["Bearer no-keys"])
        #expect(answer.status == 503)
        #expect(answer.header("Retry-After") == "1")
    }

    @Test(
        "a missing scope is 403 and named",
        arguments: [
            ("POST", "/pay", "payment:write"), ("POST", "/refund", "refund:write"),
            ("GET", "/payments/x", "payment:read"), ("POST", "/pay-dynamic", "payment:write"),
        ]
    )
    func missingScope(method: String, path: String, scope: String) async {
        let answer = await self.send(
            authorization: ["Bearer alice/other"],
            method: method,
            path: path,
            fields: .read([])
        )
        #expect(answer.status == 403)
        #expect(answer.code == "insufficient_scope")
        let challenge = #"Bearer realm="florin", error="insufficient_scope", scope="\#(scope)""#
        #expect(answer.header("WWW-Authenticate") == challenge)
    }

    @Test("the admin scope does not include the others")
    func adminIsNoScope() async {
        let answer = await self.send(authorization: ["Bearer root/payment:admin"])
        #expect(answer.status == 403)
    }

    static let unreadable: [(GatewayRequest.BodyProblem, Int, String)] = [
        (.tooLarge(limit: 65_536), 413, "body_too_large"),
        (.unsupportedType("text/xml"), 415, "unsupported_media_type"),
        (.encoded, 415, "unsupported_media_type"),
        (.malformed("Expected a value at byte 7."), 400, "malformed_body"),
    ]

    @Test(
        "an unreadable body is reported to authorised callers, on every route",
        arguments: unreadable,
        ["/pay", "/pay-dynamic", "/refund"]
    )
    func unreadableBody(
        expected: (problem: GatewayRequest.BodyProblem, status: Int, code: String),
        path: String
    ) async {
        let fields = GatewayRequest.Fields.unreadable(expected.problem)
        let token = "Bearer alice/" + Shop.allScopes
        let answer = await self.send(authorization: [token], path: path, fields: fields)
        #expect(answer.status == expected.status)
        #expect(answer.code == expected.code)
        let stranger = await self.send(authorization: [], path: path, fields: fields)
        #expect(stranger.status == 401)
    }

    @Test("an encoded body is refused with the encoding to use, and another type with the types")
    func encodedBody() async {
        let token = "Bearer alice/" + Shop.allScopes
        let encoded = await self.send(authorization: [token], fields: .unreadable(.encoded))
        #expect(encoded.text("detail") == "Send the body without Content-Encoding.")
        #expect(encoded.header("Accept-Encoding") == "identity")
        let type = GatewayRequest.Fields.unreadable(.unsupportedType("text/xml"))
        let other = await self.send(authorization: [token], fields: type)
        #expect(other.text("detail").hasPrefix("Send application/json"))
        #expect(other.header("Accept-Encoding") == nil)
    }

    @Test("the scope is checked before the body")
    func scopeBeforeBody() async {
        let answer = await self.send(
            authorization: ["Bearer alice/other"],
            fields: .unreadable(.malformed("x"))
        )
        #expect(answer.status == 403)
    }

    @Test("a problem has every common member")
    func shape() async throws {
        let answer = await self.send(authorization: [])
        #expect(answer.contentType == "application/problem+json")
        let members = try #require(answer.body.object).members
        let names = [
            "type", "title", "status", "detail", "instance", "code", "request_id", "retryable",
            "errors",
        ]
        #expect(members.map(\.name) == names)
        #expect(answer.text("type") == "urn:florin:problem:missing_credentials")
        #expect(answer.text("instance") == "/pay")
        #expect(answer.text("request_id") == "req-1")
        #expect(answer.body["status"] == .integer(401))
        #expect(answer.body["retryable"] == .bool(false))
        #expect(answer.body["errors"] == .array([]))
    }
}
