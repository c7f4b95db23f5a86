internal import StrictJSON

extension ServiceConfig {
    /// The longest JSON text, in bytes.
    public static let jsonBytesMax = 65_536

    /// Reads gRPC's service config (gRFC A2, `service_config.proto`), extended under `florin`.
    ///
    /// - Throws: ``ConfigurationError`` with the path of the bad value.
    public init(json: [UInt8]) throws(ConfigurationError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.read(json, limits: JSONLimits(bytesMax: Self.jsonBytesMax))
        } catch {
            throw ConfigurationError("service config: \(error)")
        }
        let fields = try ConfigFields(
            value,
            at: "$",
            known: [
                "loadBalancingConfig", "methodConfig", "retryThrottling", "healthCheckConfig",
                "florin",
            ]
        )
        if fields.value("loadBalancingConfig") != nil {
            self.balancing = try Self.balancing(fields)
        }
        for (index, value) in try fields.list("methodConfig").enumerated() {
            self.methods.append(try MethodConfig(value, at: "$.methodConfig[\(index)]"))
        }
        try self.checkNames()
        self.retryThrottling = try fields.value("retryThrottling").map(RetryThrottling.init)
        self.healthCheckService = try fields.value("healthCheckConfig").map(Self.healthService)
        if let value = fields.value("florin") { try self.readOwn(value) }
    }

    /// The first known policy of the list, as in gRPC.
    private static func balancing(
        _ fields: ConfigFields
    ) throws(ConfigurationError) -> Balancing {
        let name = "loadBalancingConfig"
        for (index, value) in try fields.list(name).enumerated() {
            let path = "$.\(name)[\(index)]"
            guard let object = value.object, let member = object.members.first,
                object.members.count == 1
            else { throw ConfigurationError("service config: \(path) must name one policy") }
            switch member.name {
            case "pick_first": return .pickFirst
            case "round_robin": return .roundRobin
            case "least_request_experimental":
                let fields = try ConfigFields(member.value, at: path, known: ["choiceCount"])
                return .leastRequest(choices: try fields.integer("choiceCount", 2...10) ?? 2)
            default: continue
            }
        }
        let known = "pick_first, round_robin, least_request_experimental"
        throw fields.fault(name, "names no policy that is known here: \(known)")
    }

    private static func healthService(
        _ value: JSONValue
    ) throws(ConfigurationError) -> String {
        let fields = try ConfigFields(value, at: "$.healthCheckConfig", known: ["serviceName"])
        return try fields.text("serviceName") ?? ""
    }

    private func checkNames() throws(ConfigurationError) {
        var seen: Set<MethodConfig.Name> = []
        for name in self.methods.flatMap(\.names) where !seen.insert(name).inserted {
            throw ConfigurationError(
                "service config: '\(name.service)/\(name.method)' stands in two methodConfigs"
            )
        }
    }

    private mutating func readOwn(_ value: JSONValue) throws(ConfigurationError) {
        let fields = try ConfigFields(
            value,
            at: "$.florin",
            known: ["circuitBreaking", "outlierDetection"]
        )
        self.circuitBreaking = try fields.value("circuitBreaking").map(CircuitBreaking.init)
        self.outlierDetection = try fields.value("outlierDetection").map(OutlierDetection.init)
    }
}
