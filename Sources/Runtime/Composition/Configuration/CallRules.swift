import TransportCore

/// How services call one another unless the environment says otherwise.
enum CallRules {
    /// In force for every service.
    ///
    /// Calls go round the replicas, UNAVAILABLE is tried again, twice
    /// at the most, and what fails too often is left alone for a while. Every call that moves money
    /// has an id derived from what the client sent, so that a second attempt never moves it twice.
    static let standard = """
        {
          "loadBalancingConfig": [{"round_robin": {}}],
          "methodConfig": [{
            "name": [{}],
            "timeout": "30s",
            "florin": {"compression": "gzip"},
            "retryPolicy": {
              "maxAttempts": 3,
              "initialBackoff": "0.025s",
              "maxBackoff": "0.5s",
              "backoffMultiplier": 4,
              "retryableStatusCodes": ["UNAVAILABLE"]
            }
          }],
          "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
          "florin": {"circuitBreaking": {}, "outlierDetection": {}}
        }
        """

    /// The config for calls to `service`: `LEDGER_SERVICE_CONFIG`, or the file that
    /// `LEDGER_SERVICE_CONFIG_FILE` names, or the standard one.
    static func config(
        of service: ServiceName,
        _ variables: Variables
    ) throws(ConfigurationProblem) -> ServiceConfig {
        let name = "\(service.rawValue.uppercased())_SERVICE_CONFIG"
        let example = #"{"loadBalancingConfig":[{"round_robin":{}}]}"#
        let text = try variables.secret(name, example: example) ?? Self.standard
        do throws(ConfigurationError) {
            return try ServiceConfig(json: Array(text.utf8))
        } catch {
            throw ConfigurationProblem(name, error.description, example: example)
        }
    }
}
