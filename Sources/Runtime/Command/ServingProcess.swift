import Composition
import GRPCTransport
import Identity
import InMemoryTransport
import Logging
import NIOPosix
import ServiceLifecycle
import StorageCore
import Telemetry
import TransportCore
import UnixSignals

/// A serving process, from the start of its services to the last answer after an ending signal.
struct ServingProcess {
    let services: [ServiceName]
    private(set) var configuration: SystemConfiguration
    let usesNetwork: Bool

    /// True to print a token and commands to paste once the gateway serves.
    let greets: Bool

    /// The longest delay before a lost service is reconnected.
    private static let reconnectWaitMax = Duration.seconds(1)

    /// The first delay: our services are few and near, and restart quickly.
    private static let reconnectWaitMin = Duration.milliseconds(50)

    /// The limit of file descriptors.
    private let descriptorsMax: Int

    let group = MultiThreadedEventLoopGroup.singleton
    let timeline = Timeline(ContinuousClock())
    let logger = Logger(label: "florin")
    let log: ProcessLog

    init(
        services: [ServiceName],
        configuration: SystemConfiguration,
        usesNetwork: Bool,
        greets: Bool,
        log: ProcessLog,
        descriptorsMax: Int
    ) {
        self.services = services
        self.configuration = configuration
        self.usesNetwork = usesNetwork
        self.greets = greets
        self.log = log
        self.descriptorsMax = descriptorsMax
    }

    /// Serves until SIGTERM, SIGINT or SIGHUP, then drains.
    ///
    /// Drains the gateway first, then the services, the ledger last, and finally the health and
    /// admin servers.
    mutating func run() async throws {
        let listeners = try self.listeners()
        let seen = ProcessInstrumentation(
            self.configuration,
            self.services,
            self.collectors,
            self.timeline
        )
        let lag = LoopLag(self.group)
        let dependencies = ServiceDependencies(
            transport: self.transport(listeners.service),
            timeline: self.timeline,
            logger: self.logger,
            unixTime: Environment.unixTime,
            randomBytes: Environment.randomBytes,
            instrumentation: seen.instrumentation,
            queueingDelay: seen.queueingDelay(lag, self.timeline)
        )
        let folder = try self.configuration.ledgerStore.flatMap(LedgerFolder.init)
        defer { folder?.close() }
        let hosted = try await self.startServices(dependencies, folder)
        let drained: [any Service] = hosted.map { DrainedService(hosted: $0) }
        let healthEdges: [any Service] = hosted.map {
            self.healthEdge($0, dependencies, listeners.health)
        }
        // Services are shut down in reverse order.
        let group = ServiceGroup(
            services: seen.exports
                + self.adminEdge(hosted, dependencies, seen, lag, listeners)
                + healthEdges
                + drained
                + (try self.gatewayEdges(dependencies, seen, listeners.gateway)) + self.keyRefresh,
            gracefulShutdownSignals: .ending,
            logger: self.logger
        )
        try await group.run()
    }

    /// The refresh of users' public keys; only the gateway verifies users' tokens.
    private var keyRefresh: [any Service] {
        let credentials = self.configuration.credentials
        guard let location = credentials.jwks, self.services.contains(.gateway) else { return [] }
        return [
            JWKSRefresh(
                location: location,
                credentials: credentials,
                timeline: self.timeline,
                logger: self.logger
            )
        ]
    }

    /// The transport to the trace collector: always plaintext.
    private var collectors: any Transport {
        HTTP2Transport(group: self.group, timeline: self.timeline)
    }

    /// - Throws: If the limit of open files is too low to serve.
    private func listeners() throws -> ListenerSet {
        let needs = ConnectionShares.Needs(
            limit: self.descriptorsMax,
            open: DescriptorLimit.open,
            loops: self.group.makeIterator().reduce(0) { count, _ in count + 1 },
            services: self.services,
            hasAdmin: self.configuration.admin != nil
        )
        let shares = try ConnectionShares(needs)
        return ListenerSet(shares, descriptorsMax: self.descriptorsMax, self.logger)
    }

    private func transport(_ listeners: ListenerSet.Kind) -> any Transport {
        if !self.usesNetwork { return InMemoryNetwork(timeline: self.timeline) }
        var options = HTTP2Transport.Options()
        options.draw = { Double.random(in: 0..<1) }
        options.connectionsMax = listeners.connectionsMax
        options.listenerWatch = listeners.watch
        options.tls = self.configuration.tls
        let log = TLSLog(self.timeline, self.logger)
        options.tls?.onFailure = { log.note($0) }
        options.compression = self.configuration.compression
        options.keepalive = self.configuration.keepalive
        options.connectionAge = self.configuration.connectionAge
        options.backoff.initial = Self.reconnectWaitMin
        options.backoff.maximum = Self.reconnectWaitMax
        return HTTP2Transport(group: self.group, timeline: self.timeline, options: options)
    }

    /// Starts the gRPC services, the ledger first: a service's callees then serve before it does.
    private mutating func startServices(
        _ dependencies: ServiceDependencies,
        _ folder: LedgerFolder?
    ) async throws -> [HostedService] {
        var hosted: [HostedService] = []
        for service in self.services {
            guard let parts = try self.parts(of: service, dependencies, folder) else { continue }
            let started = try await HostedService.start(parts, self.configuration, dependencies)
            self.logger.info("\(service.rawValue) serves gRPC on \(started.server.endpoint)")
            self.configuration.serves(started)
            hosted.append(started)
        }
        return hosted
    }

    private func parts(
        of service: ServiceName,
        _ dependencies: ServiceDependencies,
        _ folder: LedgerFolder?
    ) throws -> ServiceParts? {
        let calls = OutgoingChannels(of: service, self.configuration, dependencies)
        switch service {
        case .ledger:
            return try self.journal(dependencies, folder).map {
                .ledger(journal: $0, self.configuration)
            }
        case .payment: return .payment(calls, self.configuration)
        case .refund: return .refund(calls)
        case .gateway: return nil
        }
    }

    private func journal(
        _ dependencies: ServiceDependencies,
        _ folder: LedgerFolder?
    ) throws -> GroupCommitJournal? {
        if case .database(let url) = self.configuration.ledgerStore {
            let logger = self.logger
            let file = try self.configuration.ledgerWatermark.map {
                try WatermarkFile($0, makes: true) { logger.error("\($0)") }
            }
            return LedgerJournal.postgresql(url, dependencies, watermark: file?.store)
        }
        return folder.map { LedgerJournal.sqlite(folder: $0.path, dependencies) }
    }
}

/// A running service; drains at shutdown.
private struct DrainedService: Service {
    let hosted: HostedService

    func run() async throws {
        try? await gracefulShutdown()
        await self.hosted.drain()
    }
}
