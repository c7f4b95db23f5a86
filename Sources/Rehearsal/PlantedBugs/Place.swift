import Composition
import Domain
import SimulatedDrills
import TransportCore

/// The configuration and dependencies for a part that replaces a real one.
struct Place {
    let configuration: SystemConfiguration
    let dependencies: ServiceDependencies

    /// A ledger client with the channels of `service`.
    func ledger(for service: ServiceName) -> LedgerClient {
        let calls = OutgoingChannels(of: service, self.configuration, self.dependencies)
        return LedgerClient(calls.channel(to: .ledger))
    }
}

extension CompositionChanges {
    /// Changes the methods or guards of `service`.
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

    /// Replaces the payment service.
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

    /// Gives the payment service a ledger client with a flaw.
    static func payments(_ flaw: CarelessLedgerClient.Flaw) -> CompositionChanges {
        .payments {
            PaymentService(
                ledger: CarelessLedgerClient(flaw, $0.ledger(for: .payment)),
                derivation: .sha256
            )
        }
    }

    /// Gives the payment service a memory of its own.
    static func payments(_ flaw: ForgetfulPayments.Flaw) -> CompositionChanges {
        .payments { place in
            let service = PaymentService(
                ledger: place.ledger(for: .payment),
                derivation: .sha256
            )
            return ForgetfulPayments(flaw, process: place.dependencies.freshName(), service)
        }
    }

    /// Gives the refund service another derivation of ids.
    static func refunds(
        derivingBy derivation: @escaping @Sendable () -> IDDerivation
    ) -> CompositionChanges {
        .part(of: .refund) { parts, place in
            parts.methods = RefundBinding.methods(
                RefundService(ledger: place.ledger(for: .refund), derivation: derivation())
            )
        }
    }

    /// Gives the ledger an engine with a flaw.
    static func engine(_ flaw: CarelessJournal.Flaw) -> CompositionChanges {
        let books = CarelessJournal.Books()
        var changes = CompositionChanges()
        changes.journal = { journal, disk in
            CarelessJournal(flaw: flaw, pace: journal, disk: disk, books: books)
        }
        return changes
    }

    /// Gives the ledger a journal that reports falsely.
    static func journal(_ flaw: MisreportingJournal.Flaw) -> CompositionChanges {
        var changes = CompositionChanges()
        changes.journal = { journal, _ in MisreportingJournal(flaw, journal) }
        return changes
    }

    /// Gives a service another check of service tokens.
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

    /// Stops the time of day of a service's processes at their start.
    static func frozenTime(at service: ServiceName) -> CompositionChanges {
        .outgoing { name, dependencies in
            guard name == service else { return dependencies }
            let start = dependencies.unixTime()
            return dependencies.with(unixTime: { start })
        }
    }

    /// Changes the dependencies with which processes make calls.
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
