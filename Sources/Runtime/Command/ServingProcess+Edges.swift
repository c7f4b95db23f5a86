import Composition
import Domain
import Edge
import GRPCTransport
import Identity
import Logging
import NIOPosix
import ServiceLifecycle
import Telemetry
import TransportCore

/// The HTTP servers of a process: for users, health checks and operators.
extension ServingProcess {
    func gatewayEdges(
        _ dependencies: ServiceDependencies,
        _ seen: ProcessInstrumentation,
        _ listeners: ListenerSet.Kind
    ) throws -> [any Service] {
        guard self.services.contains(.gateway) else { return [] }
        return [try self.gatewayEdge(dependencies, seen, listeners)]
    }

    /// The admin server; empty if the configuration has none.
    func adminEdge(
        _ hosted: [HostedService],
        _ dependencies: ServiceDependencies,
        _ seen: ProcessInstrumentation,
        _ lag: LoopLag,
        _ listeners: ListenerSet
    ) -> [any Service] {
        guard let endpoint = self.configuration.admin else { return [] }
        ProcessFigures.show(in: seen.registry, started: Environment.exactTime())
        lag.show(in: seen.registry)
        self.log.show(in: seen.registry)
        self.showCertificates(in: seen.registry)
        listeners.show(in: seen.registry)
        let server = AdminServer(
            configuration: self.configuration,
            services: self.services,
            health: ProcessHealth(hosted: hosted),
            registry: seen.registry,
            introspection: seen.instrumentation.introspection,
            level: self.log.level
        )
        var edge = server.edge(at: endpoint, dependencies, group: self.group) { [logger] port in
            let bound = Endpoint(host: endpoint.host, port: port)
            logger.info("metrics and more are at http://\(bound)/metrics")
        }
        edge.bound(by: listeners.admin)
        return [BoundEdge(edge: edge)]
    }

    private func showCertificates(in registry: MetricRegistry) {
        guard let tls = self.configuration.tls else { return }
        let expiries = [("own", tls.expiresAt), ("authorities", tls.authoritiesExpireAt)]
        for (name, time) in expiries {
            registry.gauge(MetricCatalogue.certificateExpiry, name).set(Double(time))
        }
    }

    func healthEdge(
        _ hosted: HostedService,
        _ dependencies: ServiceDependencies,
        _ listeners: ListenerSet.Kind
    ) -> any Service {
        var edge = EdgeServer(
            host: self.configuration.bindHost,
            port: self.configuration.healthPort(hosted.name),
            handler: HealthEndpoint(reporting: hosted).respond,
            makeRequestID: { dependencies.freshName() },
            now: dependencies.unixTime,
            eventLoopGroup: self.group,
            logger: self.logger,
            onServerRunning: { port in self.report("\(hosted.name.rawValue) serves /health", port) }
        )
        edge.bound(by: listeners)
        return BoundEdge(edge: edge)
    }

    private func gatewayEdge(
        _ dependencies: ServiceDependencies,
        _ seen: ProcessInstrumentation,
        _ listeners: ListenerSet.Kind
    ) throws -> any Service {
        let gateway = try GatewayParts.gateway(self.configuration, dependencies)
        let document = OpenAPIDocument(
            routes: gateway.routes,
            catalogue: gateway.catalogue,
            version: Release.version
        )
        let notice = DrainNotice()
        var edge = EdgeServer(
            host: self.configuration.bindHost,
            port: self.configuration.endpoint(.gateway).port,
            handler: { request, context in
                if let answer = notice.answer(to: request) { return answer }
                return await seen.answer(request, context, by: gateway)
            },
            documents: [document.document()],
            makeRequestID: { dependencies.freshName() },
            makeTraceID: { TraceContext.freshID(dependencies.randomBytes) },
            now: dependencies.unixTime,
            isDraining: { notice.isGiven },
            eventLoopGroup: self.group,
            logger: self.logger,
            watch: seen.edgeWatch(self.timeline),
            onServerRunning: { port in
                self.report("gateway serves HTTP", port)
                self.greet(port)
            }
        )
        edge.bound(by: listeners)
        return DrainingEdge(
            edge: BoundEdge(edge: edge),
            notice: notice,
            grace: self.configuration.drainGrace,
            timeline: self.timeline,
            logger: self.logger
        )
    }

    private func report(_ what: String, _ port: Int) {
        let endpoint = Endpoint(host: self.configuration.bindHost, port: port)
        self.logger.info("\(what) on \(endpoint)")
    }

    private func greet(_ port: Int) {
        guard self.greets else { return }
        do {
            try StartBanner(credentials: self.configuration.credentials, port: port).print()
        } catch {
            self.logger.warning("the token and what to paste cannot be printed", error: error)
        }
    }
}

extension EdgeServer {
    /// Applies the connection limit of `listeners`.
    fileprivate mutating func bound(by listeners: ListenerSet.Kind) {
        self.limits.connectionsMax = listeners.connectionsMax
        self.listenerWatch = listeners.watch
    }
}

/// The health of this process's services; without any, as in a gateway alone, it is SERVING.
private struct ProcessHealth: HealthReporting {
    let hosted: [HostedService]

    func health() async -> [ServiceHealth] {
        var all: [ServiceHealth] = []
        for service in self.hosted { all += await service.health() }
        return all
    }
}

/// An HTTP server as a service; a port that cannot be bound is a ``ConfigurationError``.
private struct BoundEdge: Service {
    let edge: EdgeServer

    func run() async throws {
        do {
            try await self.edge.run()
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            let endpoint = Endpoint(host: self.edge.host, port: self.edge.port)
            throw ConfigurationError("cannot listen on \(endpoint): \(error)")
        }
    }
}
