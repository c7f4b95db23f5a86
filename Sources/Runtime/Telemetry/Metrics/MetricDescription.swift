/// A metric's name, kind, unit, labels and help text.
///
/// ``MetricCatalogue`` lists all; others are never created.
package struct MetricDescription: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case counter
        case gauge
        /// The upper bounds of the buckets, in ``unit``, ascending; an unbounded one is added.
        case histogram([Double])
    }

    /// The OpenTelemetry name, such as `grpc.server.call.duration`.
    package let name: String
    package let kind: Kind
    /// `seconds`, `bytes`, or empty.
    package let unit: String
    package let labels: [String]
    package let help: String

    package init(
        _ name: String,
        _ kind: Kind,
        unit: String = "",
        labels: [String] = [],
        help: String
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.labels = labels
        self.help = help
    }

    /// The Prometheus name, such as `grpc_server_call_duration_seconds`.
    package var exposedName: String {
        let words = Self.exposed(self.name)
        let isSaid = self.unit.isEmpty || words.hasSuffix("_" + self.unit)
        return isSaid ? words : words + "_" + self.unit
    }

    /// The names of its samples: a counter's ends in `_total`, a histogram has three.
    package var sampleNames: [String] {
        switch self.kind {
        case .counter: [self.exposedName + "_total"]
        case .gauge: [self.exposedName]
        case .histogram: ["_bucket", "_sum", "_count"].map { self.exposedName + $0 }
        }
    }

    static func exposed(_ name: String) -> String {
        String(name.map { $0 == "." || $0 == "-" ? "_" : $0 })
    }
}
