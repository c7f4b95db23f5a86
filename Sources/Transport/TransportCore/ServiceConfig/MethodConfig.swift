internal import StrictJSON

/// The options for calls of some methods.
public struct MethodConfig: Hashable, Sendable {
    /// A method, a service, or (both empty) all methods.
    public struct Name: Hashable, Sendable {
        /// The service as `package.Service`; empty for all services.
        public var service: String
        /// The method's own name; empty for all methods of the service.
        public var method: String

        /// Creates the name of a method, of a service when `method` is empty, or of all when both
        /// are.
        public init(service: String = "", method: String = "") {
            self.service = service
            self.method = method
        }
    }

    /// The methods that these options apply to.
    public var names: [Name]
    /// True when calls wait for a connection instead of failing at once.
    public var waitForReady = false
    /// The longest time from the first attempt to the answer; nil sets no bound.
    public var timeout: Duration?
    /// The retry policy; nil means no retries.
    public var retry: RetryPolicy?
    /// The hedging policy; nil means no hedging.
    public var hedging: HedgingPolicy?

    /// The encoding of messages of at least 1 KiB, where the transport finds that it pays.
    public var compression = MessageEncoding.identity

    /// Creates options for `names` with gRPC's defaults.
    public init(names: [Name]) { self.names = names }

    /// The precision with which `names` matches `method`: 3 method, 2 service, 1 all, 0 none.
    func rank(_ method: String, _ service: Substring) -> Int {
        self.names.reduce(0) { best, name in
            if name.service.isEmpty { return max(best, 1) }
            guard name.service == service else { return best }
            if name.method.isEmpty { return max(best, 2) }
            let own = method.utf8.dropFirst(service.utf8.count + 1)
            return own.elementsEqual(name.method.utf8) ? 3 : best
        }
    }
}

extension MethodConfig {
    init(_ value: JSONValue, at path: String) throws(ConfigurationError) {
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
        guard let encoding = MessageEncoding(rawValue: name) else {
            throw fields.fault("compression", "must be \"identity\" or \"gzip\"")
        }
        self.compression = encoding
    }
}

extension MethodConfig.Name {
    init(_ value: JSONValue, at path: String) throws(ConfigurationError) {
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
