/// Writes metrics as text: Prometheus' format 0.0.4, or OpenMetrics 1.0.
package struct MetricText {
    package enum Format: Hashable, Sendable {
        case prometheus
        case openMetrics

        package var contentType: String {
            switch self {
            case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }

        /// What a client that sends this `Accept` header gets.
        package init(accept: String) {
            self = accept.contains("application/openmetrics-text") ? .openMetrics : .prometheus
        }
    }

    private let format: Format
    private var text = ""

    private init(_ format: Format) { self.format = format }

    /// All that `registry` knows.
    package static func write(
        _ registry: MetricRegistry,
        _ catalogue: [MetricDescription] = MetricCatalogue.all,
        as format: Format
    ) async -> String {
        var writer = MetricText(format)
        for family in await registry.families(in: catalogue) where !family.series.isEmpty {
            writer.write(family)
        }
        if format == .openMetrics { writer.text += "# EOF\n" }
        return writer.text
    }

    private mutating func write(_ family: MetricRegistry.Family) {
        let metric = family.description
        let isCounter = metric.kind == .counter
        let name = metric.exposedName
        let headed = isCounter && self.format == .prometheus ? name + "_total" : name
        self.text += "# HELP \(headed) \(metric.help).\n# TYPE \(headed) \(metric.typeName)\n"
        if self.format == .openMetrics, !metric.unit.isEmpty {
            self.text += "# UNIT \(name) \(metric.unit)\n"
        }
        let names = metric.labels.map(MetricDescription.exposed)
        for (values, series) in family.series.sorted(by: {
            $0.key.lexicographicallyPrecedes($1.key)
        }
        ) {
            let labels = zip(names, values).map { "\($0)=\"\(Self.escaped($1))\"" }
            switch series {
            case .counter(let counter): self.line(name + "_total", labels, counter.value)
            case .gauge(let gauge): self.line(name, labels, gauge.value)
            case .histogram(let histogram): self.write(histogram, name, labels)
            }
        }
    }

    private mutating func write(_ histogram: HistogramSeries, _ name: String, _ labels: [String]) {
        let (counts, sum) = histogram.snapshot
        var total: UInt64 = 0
        for (index, count) in counts.enumerated() {
            total += count
            let end = index < histogram.bounds.count ? Self.number(histogram.bounds[index]) : "+Inf"
            self.line(name + "_bucket", labels + ["le=\"\(end)\""], Double(total))
        }
        self.line(name + "_sum", labels, sum)
        self.line(name + "_count", labels, Double(total))
    }

    private mutating func line(_ name: String, _ labels: [String], _ value: Double) {
        self.text += name
        if !labels.isEmpty { self.text += "{" + labels.joined(separator: ",") + "}" }
        self.text += " " + Self.number(value) + "\n"
    }

    /// Whole numbers without a fraction, as people write them.
    private static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        return String(value)
    }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}

extension MetricDescription {
    fileprivate var typeName: String {
        switch self.kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}
