package import Domain
package import GRPCTransport
package import Identity
package import TransportCore

/// What a deployment chooses, read from its environment and checked as a whole before anything
/// starts.
package struct SystemConfiguration: Sendable {
    /// Where each service is reached, and where it listens when it runs here.
    package var endpoints: [ServiceName: Endpoint] = [:]

    /// The port of each service's HTTP `/health`.
    package var healthPorts: [ServiceName: Int] = [:]

    /// Where the process tells of itself: nil for nowhere.
    package var admin: Endpoint?

    /// The address that servers bind.
    package var bindHost = "0.0.0.0"

    /// What an amount without a currency is in.
    package var defaultCurrency: Currency

    package var credentials: Credentials

    /// Where the ledger keeps its books; nil in a process that runs no ledger.
    package var ledgerStore: LedgerStore?

    /// The file of what the ledger acknowledged last; nil: it is remembered in memory alone.
    package var ledgerWatermark: String?

    /// What gRPC connections of this process are known by; nil means plaintext.
    package var tls: MutualTLS?

    /// How each service is called.
    package var serviceConfigs: [ServiceName: ServiceConfig] = [:]

    /// Which messages between services are compressed; nil: none.
    package var compression: Compression? = Compression()

    /// When a silent connection between services is asked for a sign of life.
    package var keepalive = Keepalive()

    /// When servers end their connections of old age; nil: never.
    package var connectionAge: ConnectionAge?

    /// How much each service takes on at a time; nil: whatever comes.
    package var loadShedding: LoadShedding? = LoadShedding()

    /// How often one subject may ask a gateway; nil: as often as it likes.
    package var rateLimit: RateLimit?

    /// Where traces go; nil for nowhere.
    package var tracing: TracingConfiguration?

    /// How much sooner than its caller's deadline that of a call is: the time to answer in.
    package var deadlineMargin = Duration.milliseconds(5)

    /// How long a service goes on answering after it has said that it stops.
    package var drainGrace = Duration.zero

    /// Whether every gRPC port describes its services to whoever asks.
    package var offersReflection = true

    /// Reads the configuration of a process that runs `services`.
    ///
    /// - Parameters:
    ///   - variables: The environment.
    ///   - services: Those that run in this process. `SERVICE_PORT` and `HEALTH_PORT` are for a
    ///     process with one.
    ///   - isLoopback: Binds and reaches everything on loopback, as `--dev` and `--service all` do.
    ///   - unixTime: Judges certificates; without it none is good.
    /// - Throws: the first variable that is wrong.
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

    /// Where `service` is reached.
    package func endpoint(_ service: ServiceName) -> Endpoint {
        self.endpoints[service] ?? Endpoint(host: service.rawValue, port: service.standardPort)
    }

    /// How `service` is called.
    package func serviceConfig(_ service: ServiceName) -> ServiceConfig {
        self.serviceConfigs[service] ?? ServiceConfig()
    }

    /// The port of the HTTP `/health` of `service`.
    package func healthPort(_ service: ServiceName) -> Int {
        self.healthPorts[service] ?? service.standardHealthPort
    }

    /// `hosted` serves in this process: it is reached where it really listens, whatever the port.
    package mutating func serves(_ hosted: HostedService) {
        self.endpoints[hosted.name] = hosted.server.endpoint
    }

    /// Where `service` listens.
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

    /// A whole number of seconds; the lower bound when it is not set.
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

    /// `RATE_LIMIT`: requests, a slash, seconds.
    fileprivate func rateLimit() throws(ConfigurationProblem) -> RateLimit? {
        guard let text = self.text("RATE_LIMIT"), text != "off" else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int64($0) }
        guard parts.count == 2, let requests = parts[0], let seconds = parts[1],
            let limit = RateLimit(requests: requests, seconds: seconds)
        else {
            throw ConfigurationProblem(
                "RATE_LIMIT",
                "'\(text.prefix(32))' is not a number of requests, a slash and seconds",
                example: "100/60"
            )
        }
        return limit
    }

    /// `ADMIN_BIND_HOST` and `ADMIN_PORT`: loopback, and a port for each service.
    fileprivate func admin(_ services: [ServiceName]) throws(ConfigurationProblem) -> Endpoint? {
        if self.text("ADMIN_PORT") == "off" { return nil }
        let standard = services.count == 1 ? services[0] : .gateway
        return Endpoint(
            host: try self.host("ADMIN_BIND_HOST", "127.0.0.1"),
            port: try self.port("ADMIN_PORT", standard.standardAdminPort)
        )
    }

    /// Names are looked up in DNS, which gives every replica's address; there is no other discovery
    /// yet.
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
