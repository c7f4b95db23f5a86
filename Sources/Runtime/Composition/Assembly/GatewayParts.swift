package import Domain
import Identity
package import TransportCore

/// Assembles the gateway.
package enum GatewayParts {
    /// Makes the gateway actor, with channels to the services behind it.
    ///
    /// - Throws: ``ConfigurationError`` if the action catalogue is invalid.
    package static func gateway(
        _ configuration: SystemConfiguration,
        _ dependencies: ServiceDependencies
    ) throws(ConfigurationError) -> Gateway {
        let calls = OutgoingChannels(of: .gateway, configuration, dependencies)
        do throws(CatalogueError) {
            let catalogue = try Catalogue.standard(
                payments: PaymentClient(calls.channel(to: .payment)),
                refunds: RefundClient(calls.channel(to: .refund)),
                derivation: .sha256,
                defaultCurrency: configuration.defaultCurrency,
                knownMethods: (Array(PaymentBinding.access.keys) + Array(RefundBinding.access.keys))
                    .sorted()
            )
            return try Gateway(
                catalogue: catalogue,
                authenticator: UserAuthenticator(
                    verifier: configuration.credentials.userVerifier,
                    now: dependencies.unixTime
                ),
                health: BackendHealth(calls),
                freshKey: { dependencies.freshName() },
                rateLimit: configuration.rateLimit,
                now: { dependencies.timeline.now.nanoseconds },
                bound: Self.bound(_:_:on:)
            )
        } catch {
            throw ConfigurationError("the action catalogue: \(error)")
        }
    }

    /// Bounds each call of `effect` by `timeout`, through the call scope.
    @Sendable
    package static func bound(
        _ timeout: Duration,
        _ effect: ActionPlan.Effect,
        on actor: isolated (any Actor)?
    ) async throws(DomainError) -> ActionAnswer {
        var scope = CallScope.current
        scope.timeout = timeout
        let result = await CallScope.$current.withValue(scope) {
            () async -> Result<ActionAnswer, DomainError> in
            // Captured, so that the effect stays on the actor.
            _ = actor
            do throws(DomainError) {
                return .success(try await effect())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Lets `gateway` answer within the request's call scope, so that its calls carry the request
    /// id and the trace.
    package static func answer(
        _ request: GatewayRequest,
        traceParent: String?,
        by gateway: Gateway
    ) async -> GatewayResponse {
        let scope = CallScope(requestID: request.requestID, traceParent: traceParent)
        return await CallScope.$current.withValue(scope) { await gateway.handle(request) }
    }
}

/// Authenticates users by their tokens.
struct UserAuthenticator: Authenticating {
    /// The prefix of services' subjects; rejected in users' tokens.
    static let servicePrefix = "service:"

    let verifier: UserVerifier
    let now: @Sendable () -> UnixSeconds

    func authenticate(authorization: [String]) throws(AuthenticationError) -> Principal {
        let claims = try self.verifier.verify(authorization: authorization, at: self.now())
        if claims.subject.hasPrefix(Self.servicePrefix) { throw .invalidToken }
        do throws(DomainError) {
            let subject = try Subject(claims.subject)
            return Principal(subject: subject, scopes: Set(claims.scopes.words))
        } catch {
            throw .invalidToken
        }
    }
}
