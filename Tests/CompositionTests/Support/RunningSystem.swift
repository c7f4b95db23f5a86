import Domain
import Identity
import StorageCore
import Testing
import TransportCore

@testable import Composition

/// The ledger, payment and refund services and the gateway, over one transport.
struct RunningSystem: Sendable {
    let world: TestWorld
    let dependencies: ServiceDependencies
    let configuration: SystemConfiguration
    let ledger: HostedService
    let payment: HostedService
    let refund: HostedService
    let gateway: Gateway

    static let secret = "k7Qz2vN9xR4tB8wL1mJ6pD3sF5gH0yCa"

    static let userScopes: Scopes = "payment:write payment:read refund:write"

    /// A configuration with free ports on this machine.
    static func configuration(
        _ changes: [String: String] = [:]
    ) throws -> SystemConfiguration {
        var values = ["JWT_SECRET_KEY": Self.secret, "LEDGER_DATA": "temporary"]
        for service in ["GATEWAY", "PAYMENT_SERVICE", "LEDGER_SERVICE", "REFUND_SERVICE"] {
            values["\(service)_PORT"] = "0"
        }
        values.merge(changes) { _, changed in changed }
        return try SystemConfiguration(
            Variables(values) { _ in nil },
            services: ServiceName.allCases,
            isLoopback: true
        )
    }
}

/// A test's changes to the system.
struct SystemChanges: Sendable {
    var journal: any Journal = InMemoryJournal()
    var ledger: @Sendable (ServiceParts) -> ServiceParts = { $0 }
    var payment: @Sendable (ServiceParts) -> ServiceParts = { $0 }
}

extension TransportKind {
    /// Runs `body` against the whole system, then stops it.
    func withSystem(
        _ changes: SystemChanges = SystemChanges(),
        _ body: (RunningSystem) async throws -> Void
    ) async throws {
        let world = TestWorld()
        let timeline = Timeline(ContinuousClock())
        let (transport, close) = self.open(timeline)
        let dependencies = world.dependencies(transport, timeline)
        let system = try await RunningSystem(world, dependencies, changes)
        var failure: (any Error)?
        do { try await body(system) } catch { failure = error }
        await system.stop()
        await close()
        if let failure { throw failure }
    }
}

extension RunningSystem {
    init(
        _ world: TestWorld,
        _ dependencies: ServiceDependencies,
        _ changes: SystemChanges
    ) async throws {
        var configuration = try Self.configuration()
        let ledger = ServiceParts.ledger(journal: changes.journal, configuration)
        self.ledger = try await .start(changes.ledger(ledger), configuration, dependencies)
        configuration.serves(self.ledger)
        let payment = ServiceParts.payment(
            OutgoingChannels(of: .payment, configuration, dependencies),
            configuration
        )
        self.payment = try await .start(changes.payment(payment), configuration, dependencies)
        configuration.serves(self.payment)
        let refund = ServiceParts.refund(
            OutgoingChannels(of: .refund, configuration, dependencies)
        )
        self.refund = try await .start(refund, configuration, dependencies)
        configuration.serves(self.refund)
        self.gateway = try GatewayParts.gateway(configuration, dependencies)
        self.world = world
        self.dependencies = dependencies
        self.configuration = configuration
    }

    func stop() async {
        for hosted in [self.refund, self.payment, self.ledger] { await hosted.server.stop() }
    }

    /// A new ledger over `journal`, at the address of the old one.
    func restartLedger(_ journal: any Journal) async throws -> HostedService {
        try await .start(
            .ledger(journal: journal, self.configuration),
            self.configuration,
            self.dependencies
        )
    }

    /// A channel to `service` without our tokens.
    func bareChannel(to service: ServiceName) -> any Channel {
        self.dependencies.transport.channel(to: self.configuration.endpoint(service))
    }

    /// The payment service's channel to the ledger.
    var ledgerChannel: any Channel {
        OutgoingChannels(of: .payment, self.configuration, self.dependencies).channel(to: .ledger)
    }
}
