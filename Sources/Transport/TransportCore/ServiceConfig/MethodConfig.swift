internal import StrictJSON

/// How calls to some methods are made.
public struct MethodConfig: Hashable, Sendable {
    /// Which methods: a method, a service, or (both empty) all.
    public struct Name: Hashable, Sendable {
        /// `package.Service`; empty for all services.
        public var service: String
        /// The method's own name; empty for all of the service.
        public var method: String

        /// A method, a service when `method` is empty, or all when both are.
        public init(service: String = "", method: String = "") {
            self.service = service
            self.method = method
        }
    }

    /// The methods to which this applies.
    public var names: [Name]
    /// Whether calls wait for a connection unless they say otherwise.
    public var waitForReady = false
    /// The longest that a call may take, from the first attempt to the answer; nil: no bound here.
    public var timeout: Duration?
    /// How failed attempts are made again; nil: they are not.
    public var retry: RetryPolicy?
    /// How attempts are sent before the last has answered; nil: they are not.
    public var hedging: HedgingPolicy?

    /// How messages of 1 KiB and more are encoded where bytes have a price.
    public var compression = MessageEncoding.identity

    /// What applies to `names`; nothing yet.
    public init(names: [Name]) { self.names = names }

    /// How exactly this names `method`: 3 by method, 2 by service, 1 all, 0 not at all.
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
