package import Domain
import Identity
import ServiceMessages
package import TransportCore

/// A service before it is served: its methods and their access rules.
package struct ServiceParts: Sendable {
    package let name: ServiceName

    /// The full service name for health and reflection, such as `ledger.LedgerService`.
    package let wireName: String
    package var methods: [RegisteredMethod]
    package var access: [String: Access]

    /// The service's store, if it has one.
    var store: ServiceStore?

    /// Makes the policies in front of the methods, outermost first.
    package var guards: Guards = ServiceParts.standardGuards

    package typealias Guards =
        @Sendable (ServiceParts, HealthRegistry, SystemConfiguration, ServiceDependencies)
        -> [any ServerPolicy]

    /// The ledger service over `journal`.
    package static func ledger(
        journal: any Journal,
        _ configuration: SystemConfiguration
    ) -> ServiceParts {
        let ledger = Ledger(journal: journal)
        return ServiceParts(
            name: .ledger,
            wireName: LedgerBinding.service,
            methods: LedgerBinding.methods(
                ledger,
                defaultCurrency: configuration.defaultCurrency
            ),
            access: LedgerBinding.access,
            store: ServiceStore(
                run: { await journal.run(reporting: $0) },
                drainBegan: { await ledger.endWatches() }
            )
        )
    }

    /// The payment service, calling the ledger through `calls`.
    package static func payment(
        _ calls: OutgoingChannels,
        _ configuration: SystemConfiguration
    ) -> ServiceParts {
        let service = PaymentService(
            ledger: LedgerClient(calls.channel(to: .ledger)),
            derivation: .sha256
        )
        return ServiceParts(
            name: .payment,
            wireName: PaymentBinding.service,
            methods: PaymentBinding.methods(
                service,
                defaultCurrency: configuration.defaultCurrency
            ),
            access: PaymentBinding.access
        )
    }

    /// The refund service, calling the ledger through `calls`.
    package static func refund(_ calls: OutgoingChannels) -> ServiceParts {
        let service = RefundService(
            ledger: LedgerClient(calls.channel(to: .ledger)),
            derivation: .sha256
        )
        return ServiceParts(
            name: .refund,
            wireName: RefundBinding.service,
            methods: RefundBinding.methods(service),
            access: RefundBinding.access
        )
    }

    /// A router for the service behind its policies, with health and reflection.
    ///
    /// - Throws: ``ConfigurationError`` if a method has no access rule or no descriptor.
    package func router(
        health: HealthRegistry,
        _ configuration: SystemConfiguration,
        _ dependencies: ServiceDependencies
    ) throws(ConfigurationError) -> Router {
        let own =
            self.limitedMethods(configuration, dependencies).map(
                dependencies.instrumentation.method
            )
            + HealthService.methods(health, timeline: dependencies.timeline)
        let reflection =
            configuration.offersReflection
            ? try ReflectionService.methods(
                describing: own,
                descriptors: [ServiceDescriptors.fileDescriptorSet]
            ) : []
        let policies = self.guards(self, health, configuration, dependencies)
        let telemetry = dependencies.instrumentation.server(self.name.rawValue).map {
            ServerTelemetry($0, timeline: dependencies.timeline)
        }
        return try Router(own + reflection, policies: policies, telemetry: telemetry)
    }

    /// The methods behind a shared concurrency limit; health and reflection stay unlimited.
    private func limitedMethods(
        _ configuration: SystemConfiguration,
        _ dependencies: ServiceDependencies
    ) -> [RegisteredMethod] {
        guard let rules = configuration.loadShedding else { return self.methods }
        // The introspection retains the limiter, so the limiter must not retain the board.
        let stepped = dependencies.instrumentation.stepped
        let limiter = ConcurrencyLimiter(
            rules,
            timeline: dependencies.timeline,
            delay: dependencies.queueingDelay,
            onShed: { stepped("shed") }
        )
        dependencies.instrumentation.introspection.add(limiter, of: self.name.rawValue)
        return self.methods.map { $0.limited(by: limiter) }
    }

    /// Requires a SERVING service and a token for it with the method's scope.
    package static let standardGuards: Guards = { parts, health, configuration, dependencies in
        let verifier = TokenVerifier(
            keys: configuration.credentials.serviceKeys,
            issuer: configuration.credentials.issuer,
            audience: parts.name.rawValue,
            kind: .service
        )
        let authentication = AuthenticationPolicy(
            verifier: verifier,
            table: MethodPolicies.standard.adding(parts.access),
            now: dependencies.unixTime
        )
        return [HealthGate(health), authentication]
    }
}

extension IDDerivation {
    /// The id derivation of every deployment; another digest would derive other ids.
    package static let sha256 = IDDerivation(sha256: { SHA256Digest.digest($0) })
}

extension EntryChainer {
    /// The entry chainer of every deployment; another digest would invalidate every journal.
    package static func sha256(_ dependencies: ServiceDependencies) -> EntryChainer {
        EntryChainer(sha256: { SHA256Digest.digest($0) }, now: dependencies.unixTime)
    }
}
