import Domain
import StrictJSON
import Testing

@Suite("The catalogue")
struct CatalogueTests {
    private func action(
        _ name: String = "ship_order",
        method: String = "Ship",
        scope: String = "order:write",
        timeout: Duration = .seconds(1),
        fields: [String] = []
    ) -> Action {
        Action(
            name: name,
            service: "order.OrderService",
            method: method,
            scope: scope,
            timeout: timeout,
            summary: "Ship an order",
            fields: fields.map { FieldRule($0, .integer(0...9), isRequired: false, summary: "") },
            answer: []
        ) { _ throws(DomainError) in
            ActionPlan(concerning: nil) { () throws(DomainError) in ActionAnswer(.null) }
        }
    }

    private func catalogue(_ actions: Action...) throws -> Catalogue {
        try Catalogue(actions, knownMethods: ["order.OrderService/Ship"])
    }

    @Test("a valid action is found by its name")
    func sound() throws {
        let catalogue = try self.catalogue(self.action(fields: ["a", "b"]))
        #expect(catalogue.action(named: "ship_order")?.scope == "order:write")
        #expect(catalogue.action(named: "ship") == nil)
    }

    @Test("a duplicate name is refused")
    func duplicateAction() {
        #expect(throws: CatalogueError.duplicateAction("ship_order")) {
            try self.catalogue(self.action(), self.action())
        }
    }

    @Test(
        "a name is lower-case words",
        arguments: ["", "Ship", "1ship", "_ship", "ship-order", "é"]
    )
    func names(name: String) {
        #expect(throws: CatalogueError.malformedName(name)) {
            try self.catalogue(self.action(name))
        }
    }

    @Test("a scope is a single token", arguments: ["", "a b", "a\"b", #"a\b"#, "é", "a\n"])
    func scopes(scope: String) {
        #expect(throws: CatalogueError.malformedScope(action: "ship_order", scope: scope)) {
            try self.catalogue(self.action(scope: scope))
        }
    }

    @Test(
        "a timeout outside of 1 ms to 60 s is refused",
        arguments: [.zero, .seconds(-1), .microseconds(999), .milliseconds(60_001)] as [Duration]
    )
    func timeouts(timeout: Duration) {
        #expect(throws: CatalogueError.timeoutOutOfRange(action: "ship_order", timeout: timeout)) {
            try self.catalogue(self.action(timeout: timeout))
        }
    }

    @Test(
        "a timeout of 1 ms or 60 s is accepted",
        arguments: [.milliseconds(1), .seconds(60)] as [Duration]
    )
    func timeoutBounds(timeout: Duration) throws {
        let catalogue = try self.catalogue(self.action(timeout: timeout))
        #expect(catalogue.action(named: "ship_order")?.timeout == timeout)
    }

    @Test("an unknown method is refused")
    func methods() {
        let method = "order.OrderService/Sink"
        #expect(throws: CatalogueError.unknownMethod(action: "ship_order", method: method)) {
            try self.catalogue(self.action(method: "Sink"))
        }
    }

    @Test("a duplicate field, and a field called action, are refused")
    func fields() {
        #expect(throws: CatalogueError.duplicateField(action: "ship_order", field: "a")) {
            try self.catalogue(self.action(fields: ["a", "b", "a"]))
        }
        #expect(throws: CatalogueError.duplicateField(action: "ship_order", field: "action")) {
            try self.catalogue(self.action(fields: ["action"]))
        }
    }

    @Test("a gateway requires the actions of its fixed routes in the catalogue")
    func missingAction() throws {
        let catalogue = try self.catalogue(self.action())
        #expect(throws: CatalogueError.missingAction("create_payment")) {
            try Gateway(
                catalogue: catalogue,
                authenticator: FakeAuthenticator(),
                health: FakeHealth(services: []),
                freshKey: { "k" },
                bound: SeenLimits().bound
            )
        }
    }

    @Test("an action added to the catalogue runs by its name without further changes")
    func added() async throws {
        let shipped = try Shop().gateway.catalogue.actions
        let gateway = try Gateway(
            catalogue: try Catalogue(
                shipped + [self.action(fields: ["count"])],
                knownMethods: Shop.knownMethods + ["order.OrderService/Ship"]
            ),
            authenticator: FakeAuthenticator(),
            health: FakeHealth(services: []),
            freshKey: { "k" },
            bound: SeenLimits().bound
        )
        let request = GatewayRequest(
            method: "POST",
            path: "/pay-dynamic",
            authorization: ["Bearer alice/order:write"],
            fields: .read([.init("action", .text("ship_order")), .init("count", .text("0"))]),
            requestID: "req-1"
        )
        let answer = await gateway.handle(request)
        #expect(answer.status == 200)
        #expect(answer.body == .null)
        #expect(answer.route == "/pay-dynamic")
        #expect(answer.subject == "alice")
    }
}
