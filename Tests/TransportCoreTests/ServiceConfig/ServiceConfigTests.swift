import Testing
import TransportCore

@Suite("The service config")
struct ServiceConfigTests {
    private static let full = """
        {
          "loadBalancingConfig": [
            {"grpclb": {"childPolicy": []}},
            {"least_request_experimental": {"choiceCount": 3}},
            {"round_robin": {}}
          ],
          "methodConfig": [
            {
              "name": [{"service": "ledger.LedgerService", "method": "GetBalance"}],
              "waitForReady": true,
              "timeout": "0.05s",
              "florin": {"compression": "gzip"},
              "hedgingPolicy": {
                "maxAttempts": 3,
                "hedgingDelay": "0.01s",
                "nonFatalStatusCodes": ["UNAVAILABLE", 8]
              }
            },
            {
              "name": [{"service": "ledger.LedgerService"}, {"service": "refund.RefundService"}],
              "timeout": "2s",
              "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": "0.025s",
                "maxBackoff": "1s",
                "backoffMultiplier": 1.5,
                "retryableStatusCodes": ["UNAVAILABLE", "DEADLINE_EXCEEDED"]
              }
            },
            {"name": [{}], "timeout": "30s"}
          ],
          "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
          "healthCheckConfig": {"serviceName": "ledger.LedgerService"},
          "florin": {
            "circuitBreaking": {
              "window": "20s", "minimumCalls": 40, "failurePercent": 25, "openTime": "1.5s",
              "probes": 2
            },
            "outlierDetection": {
              "consecutiveFailures": 7, "baseEjectionTime": "10s", "maxEjectionPercent": 34
            }
          }
        }
        """

    private func config(_ text: String) throws -> ServiceConfig {
        try ServiceConfig(json: Array(text.utf8))
    }

    @Test("every member of a full text is read")
    func full() throws {
        var expected = ServiceConfig()
        expected.balancing = .leastRequest(choices: 3)
        expected.methods = Self.methods
        expected.retryThrottling = RetryThrottling(maxTokens: 10, tokenRatio: 0.1)
        expected.healthCheckService = "ledger.LedgerService"
        var breaking = CircuitBreaking()
        breaking.window = .seconds(20)
        breaking.minimumCalls = 40
        breaking.failurePercent = 25
        breaking.openTime = .seconds(1.5)
        breaking.probes = 2
        expected.circuitBreaking = breaking
        var detection = OutlierDetection()
        detection.consecutiveFailures = 7
        detection.baseEjectionTime = .seconds(10)
        detection.maxEjectionPercent = 34
        expected.outlierDetection = detection
        #expect(try self.config(Self.full) == expected)
    }

    private static var methods: [MethodConfig] {
        let name = MethodConfig.Name(service: "ledger.LedgerService", method: "GetBalance")
        var balance = MethodConfig(names: [name])
        balance.waitForReady = true
        balance.timeout = .seconds(0.05)
        balance.compression = .gzip
        balance.hedging = HedgingPolicy(
            maxAttempts: 3,
            delay: .seconds(0.01),
            nonFatalCodes: [.unavailable, .resourceExhausted]
        )
        let services = ["ledger.LedgerService", "refund.RefundService"]
        var writes = MethodConfig(names: services.map { MethodConfig.Name(service: $0) })
        writes.timeout = .seconds(2)
        writes.retry = RetryPolicy(
            maxAttempts: 4,
            initialBackoff: .seconds(0.025),
            maxBackoff: .seconds(1),
            backoffMultiplier: 1.5,
            retryableCodes: [.unavailable, .deadlineExceeded]
        )
        var rest = MethodConfig(names: [MethodConfig.Name()])
        rest.timeout = .seconds(30)
        return [balance, writes, rest]
    }

    @Test("an empty config has gRPC's defaults and none of our additions")
    func empty() throws {
        let config = try self.config("{}")
        #expect(config == ServiceConfig())
        #expect(config.balancing == .pickFirst)
        #expect(config.method("a.S/X") == MethodConfig(names: []))
        #expect(config.retryThrottling == nil)
        #expect(config.healthCheckService == nil)
        #expect(config.circuitBreaking == nil)
        #expect(config.outlierDetection == nil)
    }

    @Test("additions without members have their defaults")
    func emptyAdditions() throws {
        let config = try self.config(
            #"{"florin": {"circuitBreaking": {}, "outlierDetection": {}}, "healthCheckConfig": {}}"#
        )
        #expect(config.circuitBreaking == CircuitBreaking())
        #expect(config.outlierDetection == OutlierDetection())
        #expect(config.healthCheckService == "")
    }

    @Test(
        "the first known balancing policy wins",
        arguments: [
            (#"[{"round_robin": {}}]"#, .roundRobin),
            (#"[{"pick_first": {}}, {"round_robin": {}}]"#, .pickFirst),
            (#"[{"grpclb": {}}, {"xds": {}}, {"round_robin": {}}]"#, .roundRobin),
            (#"[{"least_request_experimental": {}}]"#, .leastRequest(choices: 2)),
            (#"[{"least_request_experimental": {"choiceCount": 5}}]"#, .leastRequest(choices: 5)),
        ] as [(String, ServiceConfig.Balancing)]
    )
    func balancing(_ list: String, _ expected: ServiceConfig.Balancing) throws {
        #expect(try self.config(#"{"loadBalancingConfig": \#(list)}"#).balancing == expected)
    }

    @Test("the most exact name of a method wins, in any order")
    func mostExact() throws {
        var config = try self.config(Self.full)
        for _ in 0..<2 {
            #expect(config.method("ledger.LedgerService/GetBalance").hedging != nil)
            #expect(config.method("ledger.LedgerService/Other").timeout == .seconds(2))
            #expect(config.method("refund.RefundService/GetBalance").timeout == .seconds(2))
            #expect(config.method("payment.PaymentService/GetBalance").timeout == .seconds(30))
            #expect(config.method("ledger.LedgerServiceV2/GetBalance").timeout == .seconds(30))
            config.methods.reverse()
        }
    }

    @Test("without a default, an unnamed method has no options")
    func unnamed() throws {
        let config = try self.config(
            #"{"methodConfig": [{"name": [{"service": "a.S", "method": "X"}], "timeout": "1s"}]}"#
        )
        #expect(config.method("a.S/X").timeout == .seconds(1))
        #expect(config.method("a.S/Y").timeout == nil)
        #expect(config.method("b.S/X").timeout == nil)
    }

    @Test("more than five attempts become five")
    func attempts() throws {
        let retry = """
            {"methodConfig": [
              {"name": [{"service": "a.S"}], "retryPolicy": {
                "maxAttempts": 9, "initialBackoff": "0.1s", "maxBackoff": "1s",
                "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]
              }},
              {"name": [{"service": "b.S"}], "hedgingPolicy": {"maxAttempts": 9}}
            ]}
            """
        let config = try self.config(retry)
        #expect(config.method("a.S/X").retry?.maxAttempts == 5)
        let hedging = try #require(config.method("b.S/X").hedging)
        #expect(hedging == HedgingPolicy(maxAttempts: 5, delay: .zero, nonFatalCodes: []))
    }
}
