/// Formats metrics as Prometheus text 0.0.4 or OpenMetrics 1.0.
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

        /// The format for a client's `Accept` header.
        package init(accept: String) {
            self = accept.contains("application/openmetrics-text") ? .openMetrics : .prometheus
        }
    }

    private let format: Format
    private var text = ""

    private init(_ format: Format) { self.format = format }

    /// Formats all metrics of `registry`.
    package static func write(
        _ registry: MetricRegistry,
        _ catalogue: [MetricDescription] = MetricCatalogue.all,
        as format: Format
    ) async -> String {
        var writer = MetricText(format)
        writer.text.reserveCapacity(128 * 1_024)
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
        var ends = BucketEnds()
        for (values, series) in family.series.sorted(by: {
            $0.key.lexicographicallyPrecedes($1.key)
        }
        ) {
            let pairs = zip(names, values).map { "\($0)=\"\(Self.escaped($1))\"" }
            let labels = pairs.joined(separator: ",")
            switch series {
            case .counter(let counter):
                self.line(name + "_total", labels, Self.number(counter.value))
            case .gauge(let gauge): self.line(name, labels, Self.number(gauge.value))
            case .histogram(let histogram): self.write(histogram, name, labels, &ends)
            }
        }
    }

    /// Writes a histogram; the common start of its many lines is built once.
    private mutating func write(
        _ histogram: HistogramSeries,
        _ name: String,
        _ labels: String,
        _ ends: inout BucketEnds
    ) {
        let (counts, sum) = histogram.snapshot
        let start = name + "_bucket{" + labels + (labels.isEmpty ? "le=\"" : ",le=\"")
        var total: UInt64 = 0
        for (end, count) in zip(ends.texts(of: histogram.bounds), counts) {
            total += count
            self.text += start
            self.text += end
            self.text += "\"} "
            self.text += String(total)
            self.text += "\n"
        }
        self.line(name + "_sum", labels, Self.number(sum))
        self.line(name + "_count", labels, String(total))
    }

    private mutating func line(_ name: String, _ labels: String, _ value: String) {
        self.text += name
        if !labels.isEmpty {
            self.text += "{"
            self.text += labels
            self.text += "}"
        }
        self.text += " "
        self.text += value
        self.text += "\n"
    }

    /// Caches the bucket bounds as text while they stay the same.
    private struct BucketEnds {
        private var bounds: [Double] = []
        private var made: [String] = []

        mutating func texts(of bounds: [Double]) -> [String] {
            if self.made.isEmpty || self.bounds != bounds {
                self.bounds = bounds
                self.made = bounds.map(MetricText.number) + ["+Inf"]
            }
            return self.made
        }
    }

    /// The number as text, a whole one without a fraction: `5`.
    fileprivate static func number(_ value: Double) -> String {
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
