import Testing
import TransportCore

/// An invalid config, and the path that its error must name.
struct FaultyConfig: Sendable, CustomTestStringConvertible {
    let text: String
    let place: String

    var testDescription: String { self.text }

    init(_ text: String, _ place: String) {
        self.text = text
        self.place = place
    }

    /// A config with one method that has `members`.
    static func method(_ members: String, _ place: String) -> FaultyConfig {
        FaultyConfig(#"{"methodConfig": [{\#(members)}]}"#, "$.methodConfig[0].\(place)")
    }

    /// A config with one method whose retry policy has one bad member.
    static func retry(
        attempts: String = "3",
        backoff: String = #""0.1s""#,
        multiplier: String = "2",
        codes: String = #"["UNAVAILABLE"]"#,
        _ place: String
    ) -> FaultyConfig {
        let members = [
            #""maxAttempts": \#(attempts)"#, #""initialBackoff": \#(backoff)"#,
            #""maxBackoff": "1s""#, #""backoffMultiplier": \#(multiplier)"#,
            #""retryableStatusCodes": \#(codes)"#,
        ]
        let policy = members.joined(separator: ", ")
        return self.method(#""retryPolicy": {\#(policy)}"#, "retryPolicy.\(place)")
    }

    /// A config with a retry throttle.
    static func throttling(_ tokens: String, _ ratio: String, _ place: String) -> FaultyConfig {
        FaultyConfig(
            #"{"retryThrottling": {"maxTokens": \#(tokens), "tokenRatio": \#(ratio)}}"#,
            "$.retryThrottling.\(place)"
        )
    }
}

@Suite("Invalid service configs")
struct ServiceConfigFaultTests {
    private static let shapes: [FaultyConfig] = [
        FaultyConfig("{", "the text ends too early"),
        FaultyConfig("[]", "$ must be an object"),
        FaultyConfig(#"{"retries": {}}"#, "$ has no 'retries'"),
        FaultyConfig(#"{"florin": {}, "florin": {}}"#, "an object names a member twice"),
        FaultyConfig(#"{"florin": {"breaker": {}}}"#, "$.florin has no 'breaker'"),
        FaultyConfig(#"{"methodConfig": {}}"#, "$.methodConfig must be a list"),
        FaultyConfig(#"{"methodConfig": [7]}"#, "$.methodConfig[0] must be an object"),
        FaultyConfig(
            #"{"healthCheckConfig": {"serviceName": 5}}"#,
            "$.healthCheckConfig.serviceName"
        ),
        FaultyConfig(
            #"{"methodConfig": [{}, {"name": [{"service": "a.S"}, {"svc": "b.S"}]}]}"#,
            "$.methodConfig[1].name[1] has no 'svc'"
        ),
        .method(#""waitForReady": "yes""#, "waitForReady must be true or false"),
        .method(#""timeout": 5"#, "timeout must be a string"),
        .method(#""name": [{"method": "X"}]"#, "name[0].method"),
        .method(#""name": [{"service": ["a.S"]}]"#, "name[0].service must be a string"),
        .method(#""hedgingPolicy": {"maxAttempts": 1}"#, "hedgingPolicy.maxAttempts"),
        .method(#""hedgingPolicy": {}"#, "hedgingPolicy.maxAttempts is missing"),
        .method(#""retryPolicy": {"maxAttempts": 3}"#, "retryPolicy.initialBackoff is missing"),
        .method(#""florin": {"compression": "br"}"#, "florin.compression must be"),
        .method(#""florin": {"compression": true}"#, "florin.compression must be a string"),
        .method(#""florin": {"gzip": true}"#, "florin has no 'gzip'"),
        .retry(attempts: "1", "maxAttempts"),
        .retry(attempts: "2.5", "maxAttempts"),
        .retry(attempts: #""3""#, "maxAttempts"),
        .retry(backoff: #""0s""#, "initialBackoff"),
        .retry(multiplier: "0", "backoffMultiplier"),
        .retry(codes: "[]", "retryableStatusCodes must not be empty"),
        .retry(codes: #"["AWAY"]"#, "retryableStatusCodes"),
        .retry(codes: #"["OK"]"#, "retryableStatusCodes"),
        .retry(codes: "[17]", "retryableStatusCodes"),
    ]

    private static let values: [FaultyConfig] = [
        FaultyConfig(#"{"loadBalancingConfig": [{"grpclb": {}}]}"#, "$.loadBalancingConfig"),
        FaultyConfig(#"{"loadBalancingConfig": []}"#, "$.loadBalancingConfig"),
        FaultyConfig(
            #"{"loadBalancingConfig": [{"grpclb": {}}, {"pick_first": {}, "round_robin": {}}]}"#,
            "$.loadBalancingConfig[1] must name one policy"
        ),
        FaultyConfig(
            #"{"loadBalancingConfig": [{"least_request_experimental": {"choiceCount": 1}}]}"#,
            "$.loadBalancingConfig[0].choiceCount"
        ),
        .throttling("0", "0.1", "maxTokens"),
        .throttling("1000.5", "0.1", "maxTokens"),
        .throttling("-10", "0.1", "maxTokens"),
        .throttling("10", "0", "tokenRatio"),
        .throttling("10", #""0.1""#, "tokenRatio"),
        FaultyConfig(#"{"retryThrottling": {"maxTokens": 10}}"#, "$.retryThrottling.tokenRatio"),
        FaultyConfig(
            #"{"florin": {"circuitBreaking": {"failurePercent": 101}}}"#,
            "$.florin.circuitBreaking.failurePercent"
        ),
        FaultyConfig(
            #"{"florin": {"circuitBreaking": {"window": "0s"}}}"#,
            "$.florin.circuitBreaking.window"
        ),
        FaultyConfig(
            #"{"florin": {"outlierDetection": {"maxEjectionPercent": 101}}}"#,
            "$.florin.outlierDetection.maxEjectionPercent"
        ),
    ]

    private func expectRefusal(_ text: String, saying place: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try ServiceConfig(json: Array(text.utf8))
        }
        let description = error?.description ?? ""
        #expect(description.hasPrefix("service config: "))
        #expect(description.contains(place), "\(description)")
    }

    @Test(
        "a value of the wrong type is refused with its path",
        arguments: ServiceConfigFaultTests.shapes
    )
    func shape(_ faulty: FaultyConfig) {
        self.expectRefusal(faulty.text, saying: faulty.place)
    }

    @Test(
        "a value out of range is refused with its path",
        arguments: ServiceConfigFaultTests.values
    )
    func value(_ faulty: FaultyConfig) {
        self.expectRefusal(faulty.text, saying: faulty.place)
    }

    @Test(
        "a duration is a number of seconds followed by s",
        arguments: ["50ms", "1", "s", "-1s", "1e3s", ".5s", " 1s", "1S", "01s", ""]
    )
    func duration(_ text: String) {
        self.expectRefusal(
            #"{"methodConfig": [{"timeout": "\#(text)"}]}"#,
            saying: "$.methodConfig[0].timeout"
        )
    }

    @Test("a method with both retries and hedging is refused")
    func both() {
        let policy = """
            "maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s",
            "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]
            """
        let hedging = #""hedgingPolicy": {"maxAttempts": 3}"#
        self.expectRefusal(
            #"{"methodConfig": [{"retryPolicy": {\#(policy)}, \#(hedging)}]}"#,
            saying: "$.methodConfig[0].hedgingPolicy"
        )
    }

    @Test(
        "a name in two methodConfigs is refused",
        arguments: [
            (#"{"service": "a.S", "method": "X"}"#, "a.S/X"), (#"{"service": "a.S"}"#, "a.S/"),
            ("{}", "/"),
        ]
    )
    func twice(_ name: String, _ written: String) {
        self.expectRefusal(
            #"{"methodConfig": [{"name": [\#(name)]}, {"name": [{"service": "b.S"}, \#(name)]}]}"#,
            saying: "'\(written)'"
        )
    }

    @Test("an oversized text is refused before parsing")
    func tooLarge() {
        let spaces = String(repeating: " ", count: ServiceConfig.jsonBytesMax)
        self.expectRefusal("{}" + spaces, saying: "larger than allowed")
    }
}
