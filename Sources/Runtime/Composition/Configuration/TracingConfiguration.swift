package import TransportCore

/// The destination and sampling rate of traces.
package struct TracingConfiguration: Hashable, Sendable {
    /// The OTLP endpoint of the collector.
    package let collector: Endpoint
    /// The share of new traces that are recorded, 0 to 1.
    package let share: Double

    /// Reads `OTEL_EXPORTER_OTLP_ENDPOINT` and `OTEL_TRACES_SAMPLER_ARG`; nil without an endpoint.
    static func read(
        _ variables: Variables
    ) throws(ConfigurationProblem) -> TracingConfiguration? {
        let name = "OTEL_EXPORTER_OTLP_ENDPOINT"
        guard let text = variables.text(name) else { return nil }
        guard let collector = Self.endpoint(text) else {
            throw ConfigurationProblem(
                name,
                "'\(text.prefix(64))' is not http://, a host, a colon and a port",
                example: "http://localhost:4317"
            )
        }
        return TracingConfiguration(collector: collector, share: try Self.share(variables))
    }

    private static func endpoint(_ text: String) -> Endpoint? {
        guard text.hasPrefix("http://") else { return nil }
        var rest = text.dropFirst("http://".count)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard let colon = rest.lastIndex(of: ":"),
            let port = Int(rest[rest.index(after: colon)...]), (1...65_535).contains(port)
        else { return nil }
        let host = rest[..<colon].filter { $0 != "[" && $0 != "]" }
        return host.isEmpty ? nil : Endpoint(host: String(host), port: port)
    }

    private static func share(_ variables: Variables) throws(ConfigurationProblem) -> Double {
        let name = "OTEL_TRACES_SAMPLER_ARG"
        guard let text = variables.text(name) else { return 0.1 }
        guard let share = Double(text), (0...1).contains(share) else {
            throw ConfigurationProblem(
                name,
                "'\(text.prefix(16))' is not a share from 0 to 1",
                example: "0.1"
            )
        }
        return share
    }
}
