import Synchronization
internal import TelemetryMessages
package import TransportCore

/// Exports ended spans to a collector (OTLP over gRPC) in batches.
///
/// Drops and counts spans when too many wait or the collector is unreachable: tracing never delays
/// a payment.
package final class SpanExporter: Sendable {
    /// The most spans that wait.
    package static let waitingMax = 4_096
    /// The most spans in one message.
    package static let batchMax = 512
    /// The time between batches.
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

    /// Makes an exporter over `channel`.
    ///
    /// - Parameters:
    ///   - channel: Connects to the collector.
    ///   - resource: The attributes of the process, such as `service.name`.
    ///   - timeline: Times the batches.
    ///   - registry: Counts exported and dropped spans.
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

    /// Queues an ended span, or drops it if the queue is full.
    package func add(_ span: RecordedSpan.Record) {
        let hasRoom = self.waiting.withLock { waiting in
            guard waiting.count < Self.waitingMax else { return false }
            waiting.append(span)
            return true
        }
        if !hasRoom { self.dropped.increment() }
    }

    /// Exports at intervals until the task is cancelled, then exports the rest.
    package func run() async {
        while !Task.isCancelled {
            try? await self.timeline.sleep(for: Self.interval)
            await self.flush()
        }
    }

    /// Exports all queued spans.
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
        // An unstructured task, so that cancelling the exporter does not cancel the last batch.
        let rejected = await Task { () -> Int64? in
            let answer = try? await channel.call(Self.export, message, options)
            return answer?.partialSuccess.rejectedSpans
        }.value
        // A successful reply may still reject spans (OTLP's specification, "Partial Success").
        let dropped = min(max(rejected ?? .max, 0), Int64(batch.count))
        self.dropped.increment(by: dropped)
        self.exported.increment(by: Int64(batch.count) - dropped)
    }
}
