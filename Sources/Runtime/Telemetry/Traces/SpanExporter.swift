import Synchronization
internal import TelemetryMessages
package import TransportCore

/// Sends ended spans to a collector (OTLP over gRPC), a batch at a time.
///
/// What comes while too many wait, or while the collector cannot be reached, is thrown away and
/// counted: tracing never holds a payment up.
package final class SpanExporter: Sendable {
    /// Spans that may wait.
    package static let waitingMax = 4_096
    /// Spans of one message.
    package static let batchMax = 512
    /// How long spans wait for company.
    static let interval = Duration.seconds(1)
    private static let timeout = Duration.seconds(5)

    private static let export = Method<
        Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest,
        Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceResponse
    >("opentelemetry.proto.collector.trace.v1.TraceService/Export")

    private let channel: any Channel
    private let resource: [(String, String)]
    private let timeline: Timeline
    private let exported: CounterSeries
    private let dropped: CounterSeries
    private let waiting = Mutex<[RecordedSpan.Record]>([])

    /// An exporter over `channel`.
    ///
    /// - Parameters:
    ///   - channel: Leads to the collector.
    ///   - resource: What the process is, such as `service.name`.
    ///   - timeline: The time between batches.
    ///   - registry: Counts what was exported and what was dropped.
    package init(
        _ channel: any Channel,
        resource: [(String, String)],
        timeline: Timeline,
        _ registry: MetricRegistry
    ) {
        self.channel = channel
        self.resource = resource
        self.timeline = timeline
        self.exported = registry.counter(MetricCatalogue.spansExported)
        self.dropped = registry.counter(MetricCatalogue.spansDropped)
    }

    /// Takes a span that has ended.
    package func add(_ span: RecordedSpan.Record) {
        let hasRoom = self.waiting.withLock { waiting in
            guard waiting.count < Self.waitingMax else { return false }
            waiting.append(span)
            return true
        }
        if !hasRoom { self.dropped.increment() }
    }

    /// Exports until the task is cancelled, and then what is left.
    package func run() async {
        while !Task.isCancelled {
            try? await self.timeline.sleep(for: Self.interval)
            await self.flush()
        }
    }

    /// Exports what waits.
    package func flush() async {
        while true {
            let batch = self.waiting.withLock { waiting in
                let batch = Array(waiting.prefix(Self.batchMax))
                waiting.removeFirst(batch.count)
                return batch
            }
            if batch.isEmpty { return }
            await self.send(batch)
        }
    }

    private func send(_ batch: [RecordedSpan.Record]) async {
        let message = OTLP.request(batch, resource: self.resource)
        let options = CallOptions(timeout: Self.timeout)
        let channel = self.channel
        // A task of its own: the last batch is sent although the exporter is cancelled.
        let rejected = await Task { () -> Int64? in
            let answer = try? await channel.call(Self.export, message, options)
            return answer?.partialSuccess.rejectedSpans
        }.value
        // An answer of success may still reject some (OTLP's specification, "Partial Success").
        let dropped = min(max(rejected ?? .max, 0), Int64(batch.count))
        self.dropped.increment(by: dropped)
        self.exported.increment(by: Int64(batch.count) - dropped)
    }
}
