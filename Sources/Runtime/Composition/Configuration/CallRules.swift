import TransportCore

/// The default service config of calls between services.
enum CallRules {
    /// The default for every service.
    ///
    /// Balances calls over the replicas, retries UNAVAILABLE up to twice, and backs off from
    /// failing methods and addresses. Writes have ids derived from the client's request, so retries
    /// never move money twice.
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

    /// The service config of calls to `service`.
    ///
    /// Read from `LEDGER_SERVICE_CONFIG`, or from the file named by `LEDGER_SERVICE_CONFIG_FILE`
    /// (for the ledger); otherwise ``standard``.
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
