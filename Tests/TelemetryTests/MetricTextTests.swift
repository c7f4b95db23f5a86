import CoreMetrics
import Telemetry
import Testing

@Suite("Metrics as text")
struct MetricTextTests {
    private static let calls = MetricDescription(
        "a.calls",
        .counter,
        labels: ["grpc.method"],
        help: "Calls"
    )
    private static let time = MetricDescription(
        "a.time",
        .histogram([0.1, 1]),
        unit: "seconds",
        help: "Time"
    )
    private static let load = MetricDescription("a.load", .gauge, help: "Load")
    private static let catalogue = [calls, time, load]

    private func registry() -> MetricRegistry {
        let registry = MetricRegistry(Self.catalogue)
        registry.counter(Self.calls, "p.S/\"M\\\n").increment(by: Int64(3))
        for value in [0.05, 0.1, 0.5, 7] { registry.histogram(Self.time).record(value) }
        registry.gauge(Self.load).set(1.5)
        return registry
    }

    @Test("are in Prometheus' format: counters end in _total, buckets add up, labels are escaped")
    func prometheus() async {
        let text = await MetricText.write(self.registry(), Self.catalogue, as: .prometheus)
        #expect(
            text == #"""
                # HELP a_calls_total Calls.
                # TYPE a_calls_total counter
                a_calls_total{grpc_method="p.S/\"M\\\n"} 3
                # HELP a_time_seconds Time.
                # TYPE a_time_seconds histogram
                a_time_seconds_bucket{le="0.1"} 2
                a_time_seconds_bucket{le="1"} 3
                a_time_seconds_bucket{le="+Inf"} 4
                a_time_seconds_sum 7.65
                a_time_seconds_count 4
                # HELP a_load Load.
                # TYPE a_load gauge
                a_load 1.5

                """#
        )
    }

    @Test("are in OpenMetrics on request: units, the bare name of a counter, and an end")
    func openMetrics() async {
        let text = await MetricText.write(self.registry(), Self.catalogue, as: .openMetrics)
        #expect(text.contains("# TYPE a_calls counter\n"))
        #expect(text.contains("# UNIT a_time_seconds seconds\n"))
        #expect(text.hasSuffix("# EOF\n"))
    }

    @Test("have a bounded number of series, and no name outside the catalogue")
    func bounds() async {
        let registry = MetricRegistry(Self.catalogue)
        for index in 0..<2 * MetricRegistry.seriesMax {
            registry.counter(Self.calls, "m\(index)").increment()
        }
        registry.makeCounter(label: "unheard.of", dimensions: []).increment(by: 1)
        let lines = await MetricText.write(registry, Self.catalogue, as: .prometheus)
            .split(separator: "\n")
        #expect(lines.count == MetricRegistry.seriesMax + 2)
    }

    @Test("come from swift-metrics as well, with labels matched by name")
    func factory() async {
        let registry = MetricRegistry(Self.catalogue)
        let dimensions = [("other", "x"), ("grpc.method", "m")]
        Counter(label: "a.calls", dimensions: dimensions, factory: registry).increment(by: 2)
        CoreMetrics.Timer(label: "a.time", dimensions: [], factory: registry)
            .recordNanoseconds(50_000_000)
        Gauge(label: "a.load", dimensions: [], factory: registry).record(4)
        let text = await MetricText.write(registry, Self.catalogue, as: .prometheus)
        #expect(text.contains("a_calls_total{grpc_method=\"m\"} 2\n"))
        #expect(text.contains("a_time_seconds_bucket{le=\"0.1\"} 1\n"))
        #expect(text.contains("a_load 4\n"))
    }

    @Test("of the catalogue have distinct names")
    func names() {
        let names = MetricCatalogue.all.flatMap(\.sampleNames)
        #expect(Set(names).count == names.count)
    }
}
