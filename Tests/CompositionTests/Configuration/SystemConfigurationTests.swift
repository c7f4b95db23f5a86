import Composition
import Domain
import GRPCTransport
import Testing
import TransportCore

@Suite("The configuration of a process")
struct SystemConfigurationTests {
    private static func read(
        _ changes: [String: String] = [:],
        services: [ServiceName] = ServiceName.allCases,
        isLoopback: Bool = false
    ) throws(ConfigurationProblem) -> SystemConfiguration {
        var values = ["JWT_SECRET_KEY": RunningSystem.secret, "LEDGER_DATA": "/srv/florin"]
        values.merge(changes) { _, changed in changed }
        return try SystemConfiguration(
            Variables(values) { _ in nil },
            services: services,
            isLoopback: isLoopback
        )
    }

    @Test("only the secret and the ledger's store have no default")
    func defaults() throws {
        let configuration = try Self.read()
        #expect(configuration.endpoint(.payment) == Endpoint(host: "payment", port: 50_051))
        #expect(configuration.endpoint(.ledger) == Endpoint(host: "ledger", port: 50_052))
        #expect(configuration.endpoint(.refund) == Endpoint(host: "refund", port: 50_053))
        #expect(configuration.endpoint(.gateway) == Endpoint(host: "gateway", port: 8_000))
        #expect(configuration.healthPort(.payment) == 8_001)
        #expect(configuration.healthPort(.ledger) == 8_002)
        #expect(configuration.healthPort(.refund) == 8_003)
        #expect(configuration.healthPort(.gateway) == 8_000)
        #expect(configuration.bindHost == "0.0.0.0")
        #expect(configuration.defaultCurrency.code == "EUR")
        #expect(configuration.credentials.issuer == "florin")
        #expect(configuration.credentials.audience == "gateway")
    }

    @Test("a process with all services stays on loopback")
    func loopback() throws {
        let configuration = try Self.read(isLoopback: true)
        #expect(configuration.bindHost == "127.0.0.1")
        for service in ServiceName.allCases {
            #expect(configuration.endpoint(service).host == "127.0.0.1")
        }
        let bound = try Self.read(["BIND_HOST": "0.0.0.0"], isLoopback: true)
        #expect(bound.listening(.ledger) == Endpoint(host: "0.0.0.0", port: 50_052))
    }

    @Test("every host and port can be chosen")
    func chosen() throws {
        let configuration = try Self.read([
            "LEDGER_SERVICE_HOST": "ledger.internal", "LEDGER_SERVICE_PORT": "1",
            "PAYMENT_SERVICE_HOST": "10.0.0.7", "PAYMENT_SERVICE_PORT": "2",
            "REFUND_SERVICE_HOST": "fe80::1%eth0", "REFUND_SERVICE_PORT": "65535",
            "GATEWAY_PORT": "3", "LEDGER_HEALTH_PORT": "4", "PAYMENT_HEALTH_PORT": "5",
            "REFUND_HEALTH_PORT": "0", "BIND_HOST": "::", "DEFAULT_CURRENCY": "JPY",
            "JWT_ISSUER": "https://issuer.example", "JWT_AUDIENCE": "shop",
            "SERVICE_DISCOVERY": "dns", "REFLECTION": "off",
        ])
        #expect(!configuration.offersReflection)
        #expect(configuration.endpoint(.ledger) == Endpoint(host: "ledger.internal", port: 1))
        #expect(configuration.endpoint(.payment) == Endpoint(host: "10.0.0.7", port: 2))
        #expect(configuration.endpoint(.refund) == Endpoint(host: "fe80::1%eth0", port: 65_535))
        #expect(configuration.listening(.gateway) == Endpoint(host: "::", port: 3))
        #expect(configuration.healthPort(.gateway) == 3)
        #expect(configuration.healthPort(.ledger) == 4)
        #expect(configuration.healthPort(.payment) == 5)
        #expect(configuration.healthPort(.refund) == 0)
        #expect(configuration.defaultCurrency.code == "JPY")
        #expect(configuration.credentials.issuer == "https://issuer.example")
        #expect(configuration.credentials.audience == "shop")
    }

    @Test("SERVICE_PORT and HEALTH_PORT apply to a process with one service")
    func ownPorts() throws {
        let ports = ["SERVICE_PORT": "7", "HEALTH_PORT": "8", "LEDGER_SERVICE_PORT": "6"]
        let ledger = try Self.read(ports, services: [.ledger])
        #expect(ledger.endpoint(.ledger).port == 7)
        #expect(ledger.healthPort(.ledger) == 8)
        #expect(ledger.endpoint(.payment).port == 50_051)
        let all = try Self.read(ports)
        #expect(all.endpoint(.ledger).port == 6)
        #expect(all.healthPort(.ledger) == 8_002)
        let gateway = try Self.read(ports, services: [.gateway])
        #expect(gateway.endpoint(.gateway).port == 8_000)
        #expect(gateway.endpoint(.ledger).port == 6)
    }

    @Test("an empty variable counts as unset")
    func empty() throws {
        let configuration = try Self.read(["GATEWAY_PORT": "", "DEFAULT_CURRENCY": ""])
        #expect(configuration.endpoint(.gateway).port == 8_000)
        #expect(configuration.defaultCurrency.code == "EUR")
    }

    @Test("compression is on, everywhere or off")
    func compression() throws {
        #expect(try Self.read([:]).compression == Compression())
        #expect(try Self.read(["COMPRESSION": "on"]).compression == Compression())
        #expect(try Self.read(["COMPRESSION": "off"]).compression == nil)
        #expect(try Self.read(["COMPRESSION": "everywhere"]).compression?.onLoopback == true)
    }

    @Test("idle connections are pinged and old ones closed, unless configured otherwise")
    func connections() throws {
        let standard = try Self.read([:])
        #expect(standard.keepalive.interval == .seconds(10))
        #expect(standard.keepalive.timeout == .seconds(5))
        #expect(standard.keepalive.withoutCalls)
        let age = ConnectionAge(maximum: .seconds(300), grace: .seconds(3_600))
        #expect(standard.connectionAge == age)
        let chosen = try Self.read([
            "KEEPALIVE_TIME": "60", "KEEPALIVE_TIMEOUT": "20", "CONNECTION_AGE": "1",
            "CONNECTION_AGE_GRACE": "0",
        ])
        #expect(chosen.keepalive.interval == .seconds(60))
        #expect(chosen.keepalive.timeout == .seconds(20))
        #expect(chosen.connectionAge == ConnectionAge(maximum: .seconds(1), grace: .zero))
        let off = try Self.read(["KEEPALIVE_TIME": "off", "CONNECTION_AGE": "off"])
        #expect(off.keepalive.interval == nil)
        #expect(off.connectionAge == nil)
    }

    private static let badPorts = [
        ("GATEWAY_PORT", 8_000), ("PAYMENT_SERVICE_PORT", 50_051),
        ("LEDGER_SERVICE_PORT", 50_052), ("REFUND_SERVICE_PORT", 50_053),
        ("PAYMENT_HEALTH_PORT", 8_001), ("LEDGER_HEALTH_PORT", 8_002),
        ("REFUND_HEALTH_PORT", 8_003), ("SERVICE_PORT", 50_052), ("HEALTH_PORT", 8_002),
    ]

    @Test(
        "a bad port is refused with its name and an example",
        arguments: badPorts,
        ["65536", "-1", "http", "1 "]
    )
    func badPort(_ variable: (String, Int), _ value: String) {
        let (name, standard) = variable
        let problem = #expect(throws: ConfigurationProblem.self) {
            try Self.read([name: value], services: [.ledger])
        }
        #expect(
            problem?.description
                == "\(name): '\(value)' is not a port between 0 and 65535"
                + " (example: \(name)=\(standard))"
        )
    }

    private static let badHosts = [
        "payment:50051", "http://payment", "pay ment", "[::1]", "größe", "a/b", "::1%et h0",
        String(repeating: "a", count: 254),
    ]

    @Test(
        "a bad host is refused with its name and an example",
        arguments: [
            ("PAYMENT_SERVICE_HOST", "payment"), ("LEDGER_SERVICE_HOST", "ledger"),
            ("REFUND_SERVICE_HOST", "refund"), ("BIND_HOST", "0.0.0.0"),
        ],
        badHosts
    )
    func badHost(_ variable: (String, String), _ value: String) {
        let (name, standard) = variable
        let problem = #expect(throws: ConfigurationProblem.self) {
            try Self.read([name: value])
        }
        #expect(
            problem?.description
                == "\(name): '\(value.prefix(64))' is not a host name or an address"
                + " (example: \(name)=\(standard))"
        )
    }

    @Test(
        "other bad values are refused with their names and an example",
        arguments: [
            (
                "DEFAULT_CURRENCY", "eur",
                "'eur' is not an ISO 4217 code (example: DEFAULT_CURRENCY=EUR)"
            ),
            (
                "COMPRESSION", "gzip",
                "'gzip' is not on, off or everywhere (example: COMPRESSION=off)"
            ),
            (
                "KEEPALIVE_TIME", "9",
                "'9' is not a number of seconds between 10 and 7200, or off"
                    + " (example: KEEPALIVE_TIME=10)"
            ),
            (
                "KEEPALIVE_TIMEOUT", "off",
                "'off' is not a number of seconds between 1 and 600 (example: KEEPALIVE_TIMEOUT=5)"
            ),
            (
                "CONNECTION_AGE", "5m",
                "'5m' is not a number of seconds between 1 and 86400, or off"
                    + " (example: CONNECTION_AGE=300)"
            ),
            (
                "RATE_LIMIT", "1000001/60",
                "'1000001/60' is not 1 to 1000000 requests, a slash and 1 to 86400 seconds"
                    + " (example: RATE_LIMIT=100/60)"
            ),
            ("REFLECTION", "maybe", "'maybe' is not on or off (example: REFLECTION=off)"),
            (
                "SERVICE_DISCOVERY", "consul",
                "'consul' is not known (example: SERVICE_DISCOVERY=dns)"
            ),
            (
                "JWT_ALGORITHM", "none",
                "'none' is not one of HS256, RS256, ES256, EdDSA (example: JWT_ALGORITHM=HS256)"
            ),
            (
                "JWT_ALGORITHM", "hs256",
                "'hs256' is not one of HS256, RS256, ES256, EdDSA (example: JWT_ALGORITHM=HS256)"
            ),
        ]
    )
    func badValue(_ name: String, _ value: String, _ fault: String) {
        let problem = #expect(throws: ConfigurationProblem.self) { try Self.read([name: value]) }
        #expect(problem?.description == "\(name): \(fault)")
    }
}
