package import Domain
package import GRPCTransport
package import Identity
package import TransportCore

/// The configuration of a process, read from the environment and validated before anything starts.
package struct SystemConfiguration: Sendable {
    /// The address of each service; its port is also where it listens in this process.
    package var endpoints: [ServiceName: Endpoint] = [:]

    /// The port of each service's HTTP `/health`.
    package var healthPorts: [ServiceName: Int] = [:]

    /// The address of the admin server; nil for none.
    package var admin: Endpoint?

    /// The address that servers bind to.
    package var bindHost = "0.0.0.0"

    /// The currency of amounts without one.
    package var defaultCurrency: Currency

    package var credentials: Credentials

    /// The storage of the ledger; nil in a process without a ledger.
    package var ledgerStore: LedgerStore?

    /// The file of the ledger's last acknowledged entry; nil keeps it in memory.
    package var ledgerWatermark: String?

    /// The certificates for gRPC; nil for plaintext.
    package var tls: MutualTLS?

    /// The rules for calls to each service.
    package var serviceConfigs: [ServiceName: ServiceConfig] = [:]

    /// The compression of messages between services; nil for none.
    package var compression: Compression? = Compression()

    /// The checks of idle connections between services.
    package var keepalive = Keepalive()

    /// The maximum age of servers' connections; nil for none.
    package var connectionAge: ConnectionAge?

    /// The concurrency limit of each service; nil for none.
    package var loadShedding: LoadShedding? = LoadShedding()

    /// The gateway's limit per subject; nil for none.
    package var rateLimit: RateLimit?

    /// The export of traces; nil for none.
    package var tracing: TracingConfiguration?

    /// The time that a service keeps for its own answer: its calls end that much before its
    /// deadline.
    package var deadlineMargin = Duration.milliseconds(5)

    /// The time that a service keeps answering after it reports that it stops.
    package var drainGrace = Duration.zero

    /// True if gRPC ports offer server reflection.
    package var offersReflection = true

    /// Reads the configuration of a process that runs `services`.
    ///
    /// - Parameters:
    ///   - variables: The environment.
    ///   - services: The services in this process. `SERVICE_PORT` and `HEALTH_PORT` apply to a
    ///     process with a single service.
    ///   - isLoopback: Binds and connects to loopback only, as `--dev` and `--service all` do.
    ///   - unixTime: The time by which certificates are validated; the default, 1970, refuses them all.
    /// - Throws: The first invalid variable.
    package init(
        _ variables: Variables,
        services: [ServiceName],
        isLoopback: Bool = false,
        unixTime: @escaping @Sendable () -> UnixSeconds = { 0 }
    ) throws(ConfigurationProblem) {
        self.credentials = try Credentials(variables)
        self.defaultCurrency = try variables.currency("DEFAULT_CURRENCY", "EUR")
        self.bindHost = try variables.host("BIND_HOST", isLoopback ? "127.0.0.1" : "0.0.0.0")
        self.offersReflection = try variables.flag("REFLECTION", true)
        self.tls = try Certificates.read(variables, unixTime: unixTime)
        try variables.checkDiscovery()
        for service in ServiceName.allCases {
            let host = try service.host(variables, isLoopback ? "127.0.0.1" : service.rawValue)
            let own = services == [service]
            self.endpoints[service] = Endpoint(
                host: host,
                port: try service.port(variables, isOwn: own)
            )
            self.healthPorts[service] = try service.healthPort(variables, isOwn: own)
            self.serviceConfigs[service] = try CallRules.config(of: service, variables)
        }
        self.admin = try variables.admin(services)
        self.rateLimit = try variables.rateLimit()
        self.drainGrace = .seconds(try variables.seconds("DRAIN_GRACE", 0...30))
        self.tracing = try TracingConfiguration.read(variables)
        if try !variables.flag("LOAD_SHEDDING", true) { self.loadShedding = nil }
        self.compression = try variables.compression()
        self.keepalive = try variables.keepalive()
        self.connectionAge = try variables.connectionAge()
        if services.contains(.ledger) {
            self.ledgerStore = try LedgerStore(variables)
            self.ledgerWatermark = try LedgerStore.watermark(variables)
        }
    }

    /// The address of `service`.
    package func endpoint(_ service: ServiceName) -> Endpoint {
        self.endpoints[service] ?? Endpoint(host: service.rawValue, port: service.standardPort)
    }

    /// The rules for calls to `service`.
    package func serviceConfig(_ service: ServiceName) -> ServiceConfig {
        self.serviceConfigs[service] ?? ServiceConfig()
    }

    /// The port of the HTTP `/health` of `service`.
    package func healthPort(_ service: ServiceName) -> Int {
        self.healthPorts[service] ?? service.standardHealthPort
    }

    /// Records the actual address of a service in this process, whatever port it was given.
    package mutating func serves(_ hosted: HostedService) {
        self.endpoints[hosted.name] = hosted.server.endpoint
    }

    /// The address at which `service` listens.
    package func listening(_ service: ServiceName) -> Endpoint {
        Endpoint(host: self.bindHost, port: self.endpoint(service).port)
    }
}

extension ServiceName {
    private var prefix: String { self.rawValue.uppercased() }

    fileprivate func host(
        _ variables: Variables,
        _ standard: String
    ) throws(ConfigurationProblem) -> String {
        if self == .gateway { return standard }
        return try variables.host("\(self.prefix)_SERVICE_HOST", standard)
    }

    fileprivate func port(_ variables: Variables, isOwn: Bool) throws(ConfigurationProblem) -> Int {
        if self == .gateway { return try variables.port("GATEWAY_PORT", self.standardPort) }
        let standard = try variables.port("\(self.prefix)_SERVICE_PORT", self.standardPort)
        return isOwn ? try variables.port("SERVICE_PORT", standard) : standard
    }

    fileprivate func healthPort(
        _ variables: Variables,
        isOwn: Bool
    ) throws(ConfigurationProblem) -> Int {
        if self == .gateway { return try self.port(variables, isOwn: isOwn) }
        let standard = try variables.port("\(self.prefix)_HEALTH_PORT", self.standardHealthPort)
        return isOwn ? try variables.port("HEALTH_PORT", standard) : standard
    }
}

extension Variables {
    fileprivate func currency(
        _ name: String,
        _ standard: String
    ) throws(ConfigurationProblem) -> Currency {
        let code = self.text(name) ?? standard
        do throws(DomainError) {
            return try Currency(code: code)
        } catch {
            throw ConfigurationProblem(
                name,
                "'\(code.prefix(16))' is not an ISO 4217 code",
                example: standard
            )
        }
    }

    /// A whole number of seconds; the lower bound if unset.
    fileprivate func seconds(
        _ name: String,
        _ range: ClosedRange<Int>
    ) throws(ConfigurationProblem) -> Int {
        guard let text = self.text(name) else { return range.lowerBound }
        guard let seconds = Int(text), range.contains(seconds) else {
            let bounds = "\(range.lowerBound) and \(range.upperBound)"
            throw ConfigurationProblem(
                name,
                "'\(text.prefix(16))' is not a number of seconds between \(bounds)",
                example: "5"
            )
        }
        return seconds
    }

    /// Parses `RATE_LIMIT`: requests, a slash, seconds.
    fileprivate func rateLimit() throws(ConfigurationProblem) -> RateLimit? {
        guard let text = self.text("RATE_LIMIT"), text != "off" else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int64($0) }
        guard parts.count == 2, let requests = parts[0], let seconds = parts[1],
            let limit = RateLimit(requests: requests, seconds: seconds)
        else {
            throw ConfigurationProblem(
                "RATE_LIMIT",
                "'\(text.prefix(32))' is not 1 to \(RateLimit.requestsMax) requests, a slash and"
                    + " 1 to \(RateLimit.secondsMax) seconds",
                example: "100/60"
            )
        }
        return limit
    }

    /// The address from `ADMIN_BIND_HOST` and `ADMIN_PORT`; by default loopback and the service's
    /// port.
    fileprivate func admin(_ services: [ServiceName]) throws(ConfigurationProblem) -> Endpoint? {
        if self.text("ADMIN_PORT") == "off" { return nil }
        let standard = services.count == 1 ? services[0] : .gateway
        return Endpoint(
            host: try self.host("ADMIN_BIND_HOST", "127.0.0.1"),
            port: try self.port("ADMIN_PORT", standard.standardAdminPort)
        )
    }

    /// Accepts only DNS, which returns every replica's address.
    fileprivate func checkDiscovery() throws(ConfigurationProblem) {
        if let discovery = self.text("SERVICE_DISCOVERY"), discovery != "dns" {
            throw ConfigurationProblem(
                "SERVICE_DISCOVERY",
                "'\(discovery.prefix(16))' is not known",
                example: "dns"
            )
        }
    }
}
