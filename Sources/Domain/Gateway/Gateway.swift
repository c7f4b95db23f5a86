/// Answers client requests, independent of the protocol that carried them.
///
/// The order of checks is part of the contract: route, token, scope, body, fields. Callers without
/// a token thereby learn nothing about bodies and actions. On `/pay-dynamic` the body names the
/// action, so the body is read after the token and before the scope.
package actor Gateway {
    /// Every route, for the OpenAPI document and for metric labels.
    package nonisolated var routes: [Route] { self.table.routes }
    package nonisolated let catalogue: Catalogue

    private nonisolated let table: RouteTable
    private let authenticator: any Authenticating
    private let health: any HealthReporting
    private let freshKey: @Sendable () -> String
    private var limiter: RateLimiter?
    private let now: @Sendable () -> Int64
    private let bound: Bound

    /// Runs an effect on the given actor; each call that it makes ends after the given time.
    package typealias Bound =
        @Sendable (Duration, ActionPlan.Effect, isolated (any Actor)?) async throws(DomainError) ->
        ActionAnswer

    /// Makes a gateway.
    ///
    /// - Parameters:
    ///   - catalogue: The actions to offer; must hold the action of every fixed route.
    ///   - authenticator: Verifies tokens.
    ///   - health: Reports the state of the services.
    ///   - freshKey: Makes an unused idempotency key of at least 128 random bits.
    ///   - rateLimit: The limit per subject; nil for none.
    ///   - now: A monotonic clock, in nanoseconds.
    ///   - bound: Bounds an action's calls by its timeout.
    /// - Throws: ``CatalogueError/missingAction(_:)``.
    package init(
        catalogue: Catalogue,
        authenticator: any Authenticating,
        health: any HealthReporting,
        freshKey: @escaping @Sendable () -> String,
        rateLimit: RateLimit? = nil,
        now: @escaping @Sendable () -> Int64 = { 0 },
        bound: @escaping Bound
    ) throws(CatalogueError) {
        self.catalogue = catalogue
        self.table = try RouteTable(over: catalogue)
        self.authenticator = authenticator
        self.health = health
        self.freshKey = freshKey
        self.limiter = rateLimit.map(RateLimiter.init)
        self.now = now
        self.bound = bound
    }

    /// Answers one request.
    ///
    /// Never fails: errors become problem documents.
    package func handle(_ request: GatewayRequest) async -> GatewayResponse {
        var visit = Visit()
        var response: GatewayResponse
        do throws(Problem) {
            response = try await self.answer(request, &visit)
        } catch {
            response = error.response(path: request.path, requestID: request.requestID)
        }
        response.headers += visit.headers
        response.route = visit.route
        response.subject = visit.subject
        return response
    }

    /// Facts about a request that its response carries even when it is refused.
    private struct Visit {
        var route: String?
        var subject: String?
        var headers: [GatewayResponse.Header] = []
    }

    private func answer(
        _ request: GatewayRequest,
        _ visit: inout Visit
    ) async throws(Problem) -> GatewayResponse {
        let (route, pathFields) = try self.table.match(request)
        visit.route = route.path.description
        switch route.target {
        case .health(let check):
            return await self.health.answer(check)
        case .document:
            throw Problem(.unimplemented, "The document is served by the HTTP edge.")
        case .catalogue:
            let principal = try self.admit(request, &visit)
            let (action, fields) = try self.choose(from: try request.readFields())
            try Self.authorise(principal, for: action)
            return try await self.run(action, fields, for: principal, request)
        case .action(let name):
            let principal = try self.admit(request, &visit)
            let action = try self.action(named: name)
            try Self.authorise(principal, for: action)
            let fields = pathFields + (try request.readFields())
            return try await self.run(action, fields, for: principal, request)
        }
    }
}

extension Gateway {
    /// Authenticates the caller and applies its rate limit.
    private func admit(
        _ request: GatewayRequest,
        _ visit: inout Visit
    ) throws(Problem) -> Principal {
        let principal = try self.authenticate(request)
        visit.subject = principal.subject.text
        guard let limit = self.limiter?.limit,
            let quota = self.limiter?.take(principal.subject.text, at: self.now())
        else { return principal }
        visit.headers = quota.headers(limit)
        guard !quota.isOver else {
            throw Problem(DomainError.rateLimited(retryAfter: .nanoseconds(quota.wait)))
        }
        return principal
    }

    private func authenticate(_ request: GatewayRequest) throws(Problem) -> Principal {
        do throws(AuthenticationError) {
            return try self.authenticator.authenticate(authorization: request.authorization)
        } catch {
            switch error {
            case .missingCredentials: throw Problem.missingCredentials
            case .invalidToken: throw Problem.invalidToken
            case .unavailable: throw Problem(DomainError.unavailable(retryAfter: nil))
            }
        }
    }

    private static func authorise(_ principal: Principal, for action: Action) throws(Problem) {
        guard principal.scopes.contains(action.scope) else {
            throw .insufficientScope(action.scope)
        }
    }

    private func action(named name: String) throws(Problem) -> Action {
        guard let action = self.catalogue.action(named: name) else {
            throw Problem(.unknownAction, "No action has this name.")
        }
        return action
    }

    /// Splits the fields into the action that `action` names (`create_payment` by default) and the
    /// rest.
    private func choose(
        from fields: [GatewayRequest.Field]
    ) throws(Problem) -> (Action, [GatewayRequest.Field]) {
        let rule = FieldRule.action
        var reader = FieldReader([rule])
        for field in fields where field.name == rule.name { reader.read(field) }
        let name = try reader.finish().text(rule.name)
        let action = try self.action(named: name.isEmpty ? "create_payment" : name)
        return (action, fields.filter { $0.name != rule.name })
    }

    private func run(
        _ action: Action,
        _ fields: [GatewayRequest.Field],
        for principal: Principal,
        _ request: GatewayRequest
    ) async throws(Problem) -> GatewayResponse {
        let header = IdempotencyHeader(request.idempotencyKeys)
        var reader = FieldReader(action.fields)
        if case .invalid(let violation) = header { reader.note(violation) }
        for field in fields { reader.read(field) }
        let call = ActionCall(
            principal: principal,
            fields: try reader.finish(),
            key: header.key,
            freshKey: self.freshKey
        )
        return try await self.perform(action, call)
    }

    private func perform(
        _ action: Action,
        _ call: ActionCall
    ) async throws(Problem) -> GatewayResponse {
        var planned: ActionPlan?
        do throws(DomainError) {
            let plan = try action.plan(call)
            planned = plan
            let answer = try await self.bound(action.timeout, plan.perform, self)
            return GatewayResponse(answer: answer)
        } catch {
            throw Problem(error, during: planned)
        }
    }
}
