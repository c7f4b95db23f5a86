internal import StrictJSON

extension ServiceConfig {
    /// The most that a text may have.
    public static let jsonBytesMax = 65_536

    /// The config that `json` says: gRPC's service config (gRFC A2, `service_config.proto`), and
    /// under `florin` what gRPC has no name for.
    ///
    /// - Throws: ``ConfigurationError`` with the path of what is wrong.
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

    /// The first policy of the list that is known, as gRPC takes it.
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

extension MethodConfig {
    fileprivate init(_ value: JSONValue, at path: String) throws(ConfigurationError) {
        let fields = try ConfigFields(
            value,
            at: path,
            known: ["name", "waitForReady", "timeout", "retryPolicy", "hedgingPolicy", "florin"]
        )
        self.init(names: [])
        for (index, value) in try fields.list("name").enumerated() {
            self.names.append(try Name(value, at: "\(path).name[\(index)]"))
        }
        self.waitForReady = try fields.flag("waitForReady") ?? false
        self.timeout = try fields.duration("timeout")
        self.retry = try fields.value("retryPolicy").map {
            value throws(ConfigurationError) in
            try RetryPolicy(value, at: "\(path).retryPolicy")
        }
        self.hedging = try fields.value("hedgingPolicy").map {
            value throws(ConfigurationError) in
            try HedgingPolicy(value, at: "\(path).hedgingPolicy")
        }
        guard self.retry == nil || self.hedging == nil else {
            throw fields.fault("hedgingPolicy", "cannot stand beside retryPolicy")
        }
        if let value = fields.value("florin") { try self.readOwn(value, at: "\(path).florin") }
    }

    private mutating func readOwn(
        _ value: JSONValue,
        at path: String
    ) throws(ConfigurationError) {
        let fields = try ConfigFields(value, at: path, known: ["compression"])
        guard let name = try fields.text("compression") else { return }
        guard let encoding = Encoding(rawValue: name) else {
            throw fields.fault("compression", "must be \"identity\" or \"gzip\"")
        }
        self.compression = encoding
    }
}

extension MethodConfig.Name {
    fileprivate init(_ value: JSONValue, at path: String) throws(ConfigurationError) {
        let fields = try ConfigFields(value, at: path, known: ["service", "method"])
        self.init(
            service: try fields.text("service") ?? "",
            method: try fields.text("method") ?? ""
        )
        guard !self.service.isEmpty || self.method.isEmpty else {
            throw fields.fault("method", "needs a service beside it")
        }
    }
}

extension RetryPolicy {
    fileprivate init(_ value: JSONValue, at path: String) throws(ConfigurationError) {
        let fields = try ConfigFields(
            value,
            at: path,
            known: [
                "maxAttempts", "initialBackoff", "maxBackoff", "backoffMultiplier",
                "retryableStatusCodes",
            ]
        )
        self.init(
            maxAttempts: try fields.attempts(),
            initialBackoff: try fields.required(
                try fields.duration("initialBackoff"),
                "initialBackoff"
            ),
            maxBackoff: try fields.required(try fields.duration("maxBackoff"), "maxBackoff"),
            backoffMultiplier: try fields.required(
                try fields.number("backoffMultiplier", upTo: 1_000),
                "backoffMultiplier"
            ),
            retryableCodes: try fields.codes("retryableStatusCodes", minimum: 1)
        )
        guard self.initialBackoff > .zero, self.maxBackoff > .zero else {
            throw fields.fault("initialBackoff", "and maxBackoff must be above 0s")
        }
    }
}

extension HedgingPolicy {
    fileprivate init(_ value: JSONValue, at path: String) throws(ConfigurationError) {
        let fields = try ConfigFields(
            value,
            at: path,
            known: ["maxAttempts", "hedgingDelay", "nonFatalStatusCodes"]
        )
        self.init(
            maxAttempts: try fields.attempts(),
            delay: try fields.duration("hedgingDelay") ?? .zero,
            nonFatalCodes: try fields.codes("nonFatalStatusCodes", minimum: 0)
        )
    }
}

extension RetryThrottling {
    fileprivate init(_ value: JSONValue) throws(ConfigurationError) {
        let fields = try ConfigFields(
            value,
            at: "$.retryThrottling",
            known: ["maxTokens", "tokenRatio"]
        )
        self.init(
            maxTokens: try fields.required(
                try fields.number("maxTokens", upTo: 1_000),
                "maxTokens"
            ),
            tokenRatio: try fields.required(
                try fields.number("tokenRatio", upTo: 1_000),
                "tokenRatio"
            )
        )
    }
}

extension CircuitBreaking {
    fileprivate init(_ value: JSONValue) throws(ConfigurationError) {
        let fields = try ConfigFields(
            value,
            at: "$.florin.circuitBreaking",
            known: ["window", "minimumCalls", "failurePercent", "openTime", "probes"]
        )
        self.init()
        self.window = try fields.duration("window") ?? self.window
        self.minimumCalls =
            try fields.integer("minimumCalls", 1...1_000_000) ?? self.minimumCalls
        self.failurePercent = try fields.integer("failurePercent", 1...100) ?? self.failurePercent
        self.openTime = try fields.duration("openTime") ?? self.openTime
        self.probes = try fields.integer("probes", 1...1_000) ?? self.probes
        guard self.window > .zero else { throw fields.fault("window", "must be above 0s") }
    }
}

extension OutlierDetection {
    fileprivate init(_ value: JSONValue) throws(ConfigurationError) {
        let fields = try ConfigFields(
            value,
            at: "$.florin.outlierDetection",
            known: ["consecutiveFailures", "baseEjectionTime", "maxEjectionPercent"]
        )
        self.init()
        self.consecutiveFailures =
            try fields.integer("consecutiveFailures", 1...1_000_000) ?? self.consecutiveFailures
        self.baseEjectionTime =
            try fields.duration("baseEjectionTime") ?? self.baseEjectionTime
        self.maxEjectionPercent =
            try fields.integer("maxEjectionPercent", 0...100) ?? self.maxEjectionPercent
    }
}

extension ConfigFields {
    /// `maxAttempts`: more than five are taken as five, as gRPC does.
    fileprivate func attempts() throws(ConfigurationError) -> Int {
        try self.required(try self.integer("maxAttempts", 2...1_000_000), "maxAttempts")
    }
}
