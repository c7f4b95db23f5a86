package import Domain
import Identity
import ServiceMessages
package import TransportCore

/// What a service is made of, before it is put on a wire: its methods, and what each asks of a
/// caller.
package struct ServiceParts: Sendable {
    package let name: ServiceName

    /// `package.Service`, as health and reflection name it.
    package let wireName: String
    package var methods: [RegisteredMethod]
    package var access: [String: Access]

    /// What keeps its store at work, if it has one.
    var store: ServiceStore?

    /// Makes the policies in front of the methods, the first of which is asked first.
    package var guards: Guards = ServiceParts.standardGuards

    package typealias Guards =
        @Sendable (ServiceParts, HealthRegistry, SystemConfiguration, Surroundings)
        -> [any ServerPolicy]

    /// The ledger over `journal`.
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

    /// The payment service, which calls the ledger through `calls`.
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

    /// The refund service, which calls the ledger through `calls`.
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

    /// Puts the service behind its policies, with health and reflection beside it.
    ///
    /// - Throws: ``ConfigurationError`` for a method that no policy or no descriptor knows.
    package func router(
        health: HealthRegistry,
        _ configuration: SystemConfiguration,
        _ surroundings: Surroundings
    ) throws(ConfigurationError) -> Router {
        let own =
            self.limitedMethods(configuration, surroundings).map(surroundings.sight.method)
            + HealthService.methods(health, timeline: surroundings.timeline)
        let reflection =
            configuration.offersReflection
            ? try ReflectionService.methods(
                describing: own,
                descriptors: [ServiceDescriptors.fileDescriptorSet]
            ) : []
        let policies = self.guards(self, health, configuration, surroundings)
        let telemetry = surroundings.sight.server(self.name.rawValue).map {
            ServerTelemetry($0, timeline: surroundings.timeline)
        }
        return try Router(own + reflection, policies: policies, telemetry: telemetry)
    }

    /// The methods, behind a limit that they share: health and reflection are never limited.
    private func limitedMethods(
        _ configuration: SystemConfiguration,
        _ surroundings: Surroundings
    ) -> [RegisteredMethod] {
        guard let rules = configuration.loadShedding else { return self.methods }
        // The board holds the limiter, so the limiter must not hold the board.
        let stepped = surroundings.sight.stepped
        let limiter = ConcurrencyLimiter(
            rules,
            timeline: surroundings.timeline,
            delay: surroundings.queueingDelay,
            onShed: { stepped("shed") }
        )
        surroundings.sight.board.add(limiter, of: self.name.rawValue)
        return self.methods.map { $0.limited(by: limiter) }
    }

    /// Lets calls pass while the service is SERVING, whose token is for it and allows the method.
    package static let standardGuards: Guards = { parts, health, configuration, surroundings in
        let verifier = TokenVerifier(
            keys: configuration.credentials.serviceKeys,
            issuer: configuration.credentials.issuer,
            audience: parts.name.rawValue,
            kind: .service
        )
        let authentication = AuthenticationPolicy(
            verifier: verifier,
            table: MethodPolicies.standard.adding(parts.access),
            now: surroundings.unixTime
        )
        return [HealthGate(health), authentication]
    }
}

extension IDDerivation {
    /// The derivation that every deployment uses: another digest would make other ids.
    package static let sha256 = IDDerivation(sha256: { SHA256Digest.digest($0) })
}

extension EntrySealer {
    /// The seal of every deployment: another digest would break every journal.
    package static func sha256(_ surroundings: Surroundings) -> EntrySealer {
        EntrySealer(sha256: { SHA256Digest.digest($0) }, now: surroundings.unixTime)
    }
}
