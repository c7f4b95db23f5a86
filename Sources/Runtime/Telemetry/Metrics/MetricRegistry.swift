package import CoreMetrics
import Synchronization

/// The metrics of a process: a factory for swift-metrics and the source of `/metrics`.
///
/// Metrics outside the catalogue, and series beyond ``seriesMax``, are discarded: neither libraries
/// nor peers can make the registry grow without bound.
package final class MetricRegistry: MetricsFactory {
    /// The most combinations of labels of one metric.
    package static let seriesMax = 1_000

    enum Series {
        case counter(CounterSeries)
        case gauge(GaugeSeries)
        case histogram(HistogramSeries)
    }

    /// Label values, in the order of the metric's labels.
    typealias Labels = [String]

    struct Family {
        let description: MetricDescription
        var series: [Labels: Series] = [:]
    }

    private let families: Mutex<[String: Family]>
    private let collectors = Mutex<[@Sendable (MetricRegistry) async -> Void]>([])

    /// A registry of the metrics in `catalogue`.
    package init(_ catalogue: [MetricDescription] = MetricCatalogue.all) {
        let pairs = catalogue.map { ($0.name, Family(description: $0)) }
        self.families = Mutex(Dictionary(pairs) { first, _ in first })
    }

    /// Registers `collect`, called before the metrics are shown, to set values that are not counted
    /// continuously.
    package func beforeShowing(_ collect: @escaping @Sendable (MetricRegistry) async -> Void) {
        self.collectors.withLock { $0.append(collect) }
    }

    /// The families in the catalogue's order, with series in no particular order.
    func families(in order: [MetricDescription]) async -> [Family] {
        for collect in self.collectors.withLock({ $0 }) { await collect(self) }
        return self.families.withLock { families in order.compactMap { families[$0.name] } }
    }

    package func counter(_ metric: MetricDescription, _ labels: String...) -> CounterSeries {
        guard case .counter(let series) = self.series(metric.name, labels) else {
            return CounterSeries()
        }
        return series
    }

    package func gauge(_ metric: MetricDescription, _ labels: String...) -> GaugeSeries {
        guard case .gauge(let series) = self.series(metric.name, labels) else {
            return GaugeSeries()
        }
        return series
    }

    package func histogram(_ metric: MetricDescription, _ labels: String...) -> HistogramSeries {
        guard case .histogram(let series) = self.series(metric.name, labels) else {
            return HistogramSeries([])
        }
        return series
    }

    /// Drops the series of `metric`, so that only those set again are shown.
    package func clear(_ metric: MetricDescription) {
        self.families.withLock { $0[metric.name]?.series.removeAll() }
    }

    // MARK: swift-metrics

    package func makeCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any CounterHandler { self.counterSeries(label, dimensions) }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler { self.counterSeries(label, dimensions) }

    package func makeMeter(
        label: String,
        dimensions: [(String, String)]
    ) -> any MeterHandler { self.gaugeSeries(label, dimensions) }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate { return self.histogramSeries(label, dimensions) }
        return self.gaugeSeries(label, dimensions)
    }

    package func makeTimer(
        label: String,
        dimensions: [(String, String)]
    ) -> any TimerHandler { self.histogramSeries(label, dimensions) }

    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    // MARK: Private

    private func counterSeries(_ name: String, _ dimensions: [(String, String)]) -> CounterSeries {
        guard case .counter(let series) = self.series(name, dimensions) else {
            return CounterSeries()
        }
        return series
    }

    private func gaugeSeries(_ name: String, _ dimensions: [(String, String)]) -> GaugeSeries {
        guard case .gauge(let series) = self.series(name, dimensions) else { return GaugeSeries() }
        return series
    }

    private func histogramSeries(
        _ name: String,
        _ dimensions: [(String, String)]
    ) -> HistogramSeries {
        guard case .histogram(let series) = self.series(name, dimensions) else {
            return HistogramSeries([])
        }
        return series
    }

    private func series(_ name: String, _ dimensions: [(String, String)]) -> Series? {
        let labels = self.families.withLock { $0[name]?.description.labels } ?? []
        return self.series(
            name,
            labels.map { label in dimensions.first { $0.0 == label }?.1 ?? "" }
        )
    }

    private func series(_ name: String, _ labels: Labels) -> Series? {
        self.families.withLock { families in
            guard let family = families[name], family.description.labels.count == labels.count
            else { return nil }
            if let known = family.series[labels] { return known }
            guard family.series.count < Self.seriesMax else { return nil }
            let made = Series(family.description.kind)
            families[name]?.series[labels] = made
            return made
        }
    }
}

extension MetricRegistry.Series {
    fileprivate init(_ kind: MetricDescription.Kind) {
        self =
            switch kind {
            case .counter: .counter(CounterSeries())
            case .gauge: .gauge(GaugeSeries())
            case .histogram(let bounds): .histogram(HistogramSeries(bounds))
            }
    }
}
