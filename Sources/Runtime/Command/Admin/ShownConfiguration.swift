import Composition
import Domain
import GRPCTransport
import StrictJSON
import TransportCore

/// The configuration that operators may see.
///
/// Lists its fields explicitly, so that a new secret is not shown by accident.
struct ShownConfiguration {
    let json: JSONValue

    init(_ configuration: SystemConfiguration, _ services: [ServiceName]) {
        var object = JSONObject()
        object["version"] = .string(Release.named(revision: Environment.revision))
        object["services"] = .array(services.map { .string($0.rawValue) })
        object["bind_host"] = .string(configuration.bindHost)
        object["endpoints"] = .object(Self.endpoints(configuration))
        object["default_currency"] = .string(configuration.defaultCurrency.code)
        object["reflection"] = .bool(configuration.offersReflection)
        object["tls"] = .bool(configuration.tls != nil)
        object["load_shedding"] = .bool(configuration.loadShedding != nil)
        object["compression"] = .string(Self.shown(configuration.compression))
        object["keepalive"] = .string(Self.shown(configuration.keepalive))
        object["connection_age"] = .string(Self.shown(configuration.connectionAge))
        object["rate_limit"] = .string(configuration.rateLimit?.description ?? "off")
        object["ledger_store"] = .string(Self.store(configuration.ledgerStore))
        object["credentials"] = "[redacted]"
        object["calls"] = .object(Self.calls(configuration))
        self.json = .object(object)
    }

    private static func endpoints(_ configuration: SystemConfiguration) -> JSONObject {
        var object = JSONObject()
        for service in ServiceName.allCases {
            object[service.rawValue] = .string("\(configuration.endpoint(service))")
        }
        return object
    }

    private static func shown(_ compression: Compression?) -> String {
        guard let compression else { return "off" }
        return compression.onLoopback ? "everywhere" : "on"
    }

    private static func shown(_ keepalive: Keepalive) -> String {
        keepalive.interval.map { "\($0), answer within \(keepalive.timeout)" } ?? "off"
    }

    private static func shown(_ age: ConnectionAge?) -> String {
        age.map { "\($0.maximum), grace \($0.grace)" } ?? "off"
    }

    private static func store(_ store: LedgerStore?) -> String {
        switch store {
        case nil: "none"
        case .database: "database"
        default: "files"
        }
    }

    private static func calls(_ configuration: SystemConfiguration) -> JSONObject {
        var object = JSONObject()
        for service in ServiceName.allCases where service != .gateway {
            let config = configuration.serviceConfig(service)
            object[service.rawValue] = [
                "balancing": .string("\(config.balancing)"),
                "retry_throttling": .bool(config.retryThrottling != nil),
                "circuit_breaking": .bool(config.circuitBreaking != nil),
                "outlier_detection": .bool(config.outlierDetection != nil),
                "health_check": .bool(config.healthCheckService != nil),
            ]
        }
        return object
    }
}
