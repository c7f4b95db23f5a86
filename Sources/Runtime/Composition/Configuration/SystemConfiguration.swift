package import Domain
package import GRPCTransport
package import TransportCore

/// What a deployment chooses, read from its environment and checked as a whole before anything
/// starts.
package struct SystemConfiguration: Sendable {
    /// Where each service is reached, and where it listens when it runs here.
    package var endpoints: [ServiceName: Endpoint] = [:]

    /// The port of each service's HTTP `/health`.
    package var healthPorts: [ServiceName: Int] = [:]

    /// The address that servers bind.
    package var bindHost = "0.0.0.0"

    /// What an amount without a currency is in.
    package var defaultCurrency: Currency

    package var credentials: Credentials

    /// Where the ledger keeps its books; nil in a process that runs no ledger.
    package var ledgerStore: LedgerStore?

    /// What gRPC connections of this process are known by; nil means plaintext.
    package var tls: MutualTLS?

    /// Whether every gRPC port describes its services to whoever asks.
    package var offersReflection = true

    /// Reads the configuration of a process that runs `services`.
    ///
    /// - Parameters:
    ///   - variables: The environment.
    ///   - services: Those that run in this process. `SERVICE_PORT` and `HEALTH_PORT` are for a
    ///     process with one.
    ///   - isLoopback: Binds and reaches everything on loopback, as `--dev` and `--service all` do.
    /// - Throws: the first variable that is wrong.
    package init(
        _ variables: Variables,
        services: [ServiceName],
        isLoopback: Bool = false
    ) throws(ConfigurationProblem) {
        self.credentials = try Credentials(variables)
        self.defaultCurrency = try variables.currency("DEFAULT_CURRENCY", "EUR")
        self.bindHost = try variables.host("BIND_HOST", isLoopback ? "127.0.0.1" : "0.0.0.0")
        self.offersReflection = try variables.flag("REFLECTION", true)
        self.tls = try Certificates.read(variables)
        try variables.checkDiscovery()
        for service in ServiceName.allCases {
            let host = try service.host(variables, isLoopback ? "127.0.0.1" : service.rawValue)
            let own = services == [service]
            self.endpoints[service] = Endpoint(
                host: host,
                port: try service.port(variables, isOwn: own)
            )
            self.healthPorts[service] = try service.healthPort(variables, isOwn: own)
        }
        if services.contains(.ledger) { self.ledgerStore = try LedgerStore(variables) }
    }

    /// Where `service` is reached.
    package func endpoint(_ service: ServiceName) -> Endpoint {
        self.endpoints[service] ?? Endpoint(host: service.rawValue, port: service.standardPort)
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
