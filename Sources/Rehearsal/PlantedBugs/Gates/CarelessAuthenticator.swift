import Composition
import Domain
import Identity

/// An authenticator that accepts more than a user's token allows.
struct CarelessAuthenticator: Authenticating {
    enum Flaw {
        case ignoresScope
        /// A scope allows every action whose scope is a prefix of its name.
        case comparesByPrefix
    }

    private static let everything = Set(Scope.ofUsers)

    let flaw: Flaw
    let configuration: SystemConfiguration
    let dependencies: ServiceDependencies

    init(_ flaw: Flaw, _ configuration: SystemConfiguration, _ dependencies: ServiceDependencies) {
        self.flaw = flaw
        self.configuration = configuration
        self.dependencies = dependencies
    }

    func authenticate(authorization: [String]) throws(AuthenticationError) -> Principal {
        let verifier = self.configuration.credentials.userVerifier
        let claims = try verifier.verify(
            authorization: authorization,
            at: self.dependencies.unixTime()
        )
        do throws(DomainError) {
            return Principal(
                subject: try Subject(claims.subject),
                scopes: self.added(to: claims.scopes.words).union(claims.scopes.words)
            )
        } catch {
            throw .invalidToken
        }
    }

    private func added(to granted: [String]) -> Set<String> {
        switch self.flaw {
        case .ignoresScope: Self.everything
        case .comparesByPrefix:
            Self.everything.filter { scope in granted.contains { $0.hasPrefix(scope) } }
        }
    }

    /// A gateway with this authenticator.
    func gateway() -> Gateway? {
        let calls = OutgoingChannels(of: .gateway, self.configuration, self.dependencies)
        let catalogue = try? Catalogue.standard(
            payments: PaymentClient(calls.channel(to: .payment)),
            refunds: RefundClient(calls.channel(to: .refund)),
            derivation: .sha256,
            defaultCurrency: self.configuration.defaultCurrency,
            knownMethods: (Array(PaymentBinding.access.keys) + Array(RefundBinding.access.keys))
                .sorted()
        )
        guard let catalogue else { return nil }
        return try? Gateway(
            catalogue: catalogue,
            authenticator: self,
            health: SilentHealth(),
            freshKey: { self.dependencies.freshName() },
            bound: GatewayParts.bound(_:_:on:)
        )
    }
}

/// Health for a gateway of which no client asks it.
private struct SilentHealth: HealthReporting {
    func health() async -> [ServiceHealth] { [] }
}
