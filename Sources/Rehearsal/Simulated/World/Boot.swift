import Checkers
import Composition
import Domain
import DrillEngine
import Identity
import InMemoryTransport
import Logging
import Scenarios
import Simulation
import Synchronization
import TransportCore

/// A start of a node: the real composition of its service, over the links of the run.
struct Boot {
    private let node: SimulatedNode
    private let context: SimulatedContext
    private let number: Int
    private let host: InMemoryHost

    struct Started {
        let hosted: HostedService?
        let server: any RunningServer
        /// The work of the process beside serving, if any.
        var chores: Task<Void, Never>?
    }

    init(_ node: SimulatedNode, _ context: SimulatedContext, _ number: Int, _ host: InMemoryHost) {
        self.node = node
        self.context = context
        self.number = number
        self.host = host
    }

    /// Starts the service and returns when it serves.
    func run() async throws -> Started {
        let name = self.node.identity.process
        self.context.recorder.note(.process(name: name, .started))
        let changes = self.context.changes
        let service = self.node.service
        let configuration = changes.configuration(
            service,
            try self.context.secrets.configuration(service)
        )
        let dependencies = self.dependencies(configuration.credentials)
        let outgoing = changes.outgoing(service, dependencies)
        guard let parts = self.parts(configuration, outgoing, dependencies) else {
            return try await self.gateway(configuration, outgoing)
        }
        let incoming = changes.incoming(service, dependencies)
        let hosted = try await HostedService.start(
            changes.parts(parts, configuration, outgoing),
            configuration,
            incoming
        )
        return Started(hosted: hosted, server: hosted.server)
    }

    private func gateway(
        _ configuration: SystemConfiguration,
        _ dependencies: ServiceDependencies
    ) async throws -> Started {
        let standard = try GatewayParts.gateway(configuration, dependencies)
        let gateway = self.context.changes.gateway(standard, configuration, dependencies)
        let recorder = self.context.recorder
        let quota = configuration.rateLimit.map { limit in
            QuotaWatch(limit) {
                dependencies.timeline.now.nanoseconds
            } onBroken: {
                recorder.note(.counted(metric: NeverCountedOracle.rateLimitBroken))
            }
        }
        let method = self.context.edge.served { request in
            let handle = { await GatewayParts.answer(request, traceParent: nil, by: gateway) }
            let answer = if let quota { await quota.watch(handle) } else { await handle() }
            if answer.status == 429 { recorder.count("rate_limited") }
            return answer
        }
        let router = try Router([method], policies: [])
        let endpoint = Endpoint(host: self.host.name, port: RehearsedEdge.port)
        let server = try await dependencies.transport.serve(router, at: endpoint)
        return Started(
            hosted: nil,
            server: server,
            chores: self.keyRefresh(configuration, dependencies)
        )
    }

    /// Reads users' public keys as a serving process does, from the identity provider of the run.
    private func keyRefresh(
        _ configuration: SystemConfiguration,
        _ dependencies: ServiceDependencies
    ) -> Task<Void, Never>? {
        guard let provider = self.context.provider else { return nil }
        let (identity, injector) = (self.node.identity, self.context.injector)
        provider.joined(identity.process)
        let fetch: KeyRefresh.Fetch = {
            try await dependencies.timeline.sleep(for: IdentityProvider.latency)
            let fault = injector.struck {
                $0.plan.kind == .authJWKSDown && $0.isAimed(at: identity)
            }
            guard fault == nil else {
                provider.wasAway(for: identity.process)
                throw RPCError(.unavailable, "the identity provider is away")
            }
            return try provider.read(by: identity.process)
        }
        let refresh = KeyRefresh(
            of: configuration.credentials,
            timeline: dependencies.timeline,
            logger: dependencies.logger,
            pace: IdentityProvider.pace,
            fetch: self.context.changes.keys(fetch)
        )
        return self.node.process.run("keys") { await refresh.run() }
    }

    private func parts(
        _ configuration: SystemConfiguration,
        _ outgoing: ServiceDependencies,
        _ dependencies: ServiceDependencies
    ) -> ServiceParts? {
        let calls = OutgoingChannels(of: self.node.service, configuration, outgoing)
        return switch self.node.service {
        case .ledger: .ledger(journal: self.journal(dependencies), configuration)
        case .payment: .payment(calls, configuration)
        case .refund: .refund(calls)
        case .gateway: nil
        }
    }

    private func journal(_ dependencies: ServiceDependencies) -> any Journal {
        let disk = self.context.disk
        let journal = disk.open(.sha256(dependencies), dependencies.timeline)
        return self.context.changes.journal(journal, disk)
    }

    private func dependencies(_ credentials: Credentials) -> ServiceDependencies {
        let clock = self.node.clock
        let presenter = Presenter(
            node: self.node.identity,
            service: self.node.service,
            forger: Forger(signer: credentials.signer, issuer: credentials.issuer),
            clock: clock,
            injector: self.context.injector,
            recorder: self.context.recorder
        )
        let stream = "random/\(self.node.identity.process)/\(self.number)"
        let entropy = Entropy(self.context.run.stream(stream))
        return ServiceDependencies(
            transport: PresentingTransport(base: self.host, presenter: presenter),
            timeline: Timeline(ringing: clock),
            logger: Logger(label: "drill") { _ in SwiftLogNoOpLogHandler() },
            unixTime: { clock.unixTime },
            randomBytes: { entropy.bytes($0) },
            instrumentation: RehearsedInstrumentation.instrumentation(
                of: self.node.identity.process,
                Timeline(ringing: clock),
                self.context.recorder
            ),
            queueingDelay: { [process = self.node.process] in process.holdBack }
        )
    }
}
