import Composition
import Domain
import SimulatedDrills
import TransportCore

/// The place at which a part replaces the real one.
struct Place {
    let configuration: SystemConfiguration
    let dependencies: ServiceDependencies

    /// The ledger as `service` reaches it.
    func ledger(for service: ServiceName) -> LedgerClient {
        let calls = OutgoingChannels(of: service, self.configuration, self.dependencies)
        return LedgerClient(calls.channel(to: .ledger))
    }
}

extension CompositionChanges {
    /// Other methods, or other guards, for `service`.
    static func part(
        of service: ServiceName,
        _ change: @escaping @Sendable (inout ServiceParts, Place) -> Void
    ) -> CompositionChanges {
        var changes = CompositionChanges()
        changes.parts = { parts, configuration, dependencies in
            guard parts.name == service else { return parts }
            var parts = parts
            change(&parts, Place(configuration: configuration, dependencies: dependencies))
            return parts
        }
        return changes
    }

    /// A payment service made otherwise.
    static func payments(
        _ make: @escaping @Sendable (Place) -> any PaymentTaking
    ) -> CompositionChanges {
        .part(of: .payment) { parts, place in
            parts.methods = PaymentBinding.methods(
                make(place),
                defaultCurrency: place.configuration.defaultCurrency
            )
        }
    }

    /// A payment service that sees the ledger with a flaw.
    static func payments(_ flaw: CarelessLedgerClient.Flaw) -> CompositionChanges {
        .payments {
            PaymentService(
                ledger: CarelessLedgerClient(flaw, $0.ledger(for: .payment)),
                derivation: .sha256
            )
        }
    }

    /// A payment service that remembers.
    static func payments(_ flaw: ForgetfulPayments.Flaw) -> CompositionChanges {
        .payments { place in
            let service = PaymentService(
                ledger: place.ledger(for: .payment),
                derivation: .sha256
            )
            return ForgetfulPayments(flaw, process: place.dependencies.freshName(), service)
        }
    }

    /// A refund service that derives its ids otherwise.
    static func refunds(
        derivingBy derivation: @escaping @Sendable () -> IDDerivation
    ) -> CompositionChanges {
        .part(of: .refund) { parts, place in
            parts.methods = RefundBinding.methods(
                RefundService(ledger: place.ledger(for: .refund), derivation: derivation())
            )
        }
    }

    /// A ledger over an engine of its own.
    static func engine(_ flaw: CarelessJournal.Flaw) -> CompositionChanges {
        let books = CarelessJournal.Books()
        var changes = CompositionChanges()
        changes.journal = { journal, disk in
            CarelessJournal(flaw: flaw, pace: journal, disk: disk, books: books)
        }
        return changes
    }

    /// A ledger that is told something else than what its journal did.
    static func journal(_ flaw: MisreportingJournal.Flaw) -> CompositionChanges {
        var changes = CompositionChanges()
        changes.journal = { journal, _ in MisreportingJournal(flaw, journal) }
        return changes
    }

    /// A service with another judge of tokens.
    static func tokens(
        at service: ServiceName,
        _ flaw: CarelessGuard.Flaw
    ) -> CompositionChanges {
        .part(of: service) { parts, _ in
            parts.guards = { parts, health, configuration, dependencies in
                let place = Place(configuration: configuration, dependencies: dependencies)
                return [HealthGate(health), CarelessGuard(flaw, parts, place)]
            }
        }
    }

    /// A process whose time of day stands still from its start.
    static func frozenTime(at service: ServiceName) -> CompositionChanges {
        .outgoing { name, dependencies in
            guard name == service else { return dependencies }
            let start = dependencies.unixTime()
            return dependencies.with(unixTime: { start })
        }
    }

    /// Processes that make their calls with something else.
    static func outgoing(
        _ change: @escaping @Sendable (ServiceName, ServiceDependencies) -> ServiceDependencies
    ) -> CompositionChanges {
        var changes = CompositionChanges()
        changes.outgoing = change
        return changes
    }
}

extension ServiceDependencies {
    func with(
        transport: (any Transport)? = nil,
        unixTime: (@Sendable () -> Int64)? = nil
    ) -> ServiceDependencies {
        ServiceDependencies(
            transport: transport ?? self.transport,
            timeline: self.timeline,
            logger: self.logger,
            unixTime: unixTime ?? self.unixTime,
            randomBytes: self.randomBytes,
            instrumentation: self.instrumentation,
            queueingDelay: self.queueingDelay
        )
    }
}
