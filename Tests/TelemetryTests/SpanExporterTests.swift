import SwiftProtobuf
import Synchronization
import Telemetry
import TelemetryMessages
import Testing
import Tracing
import TransportCore

@Suite("The export of spans")
struct SpanExporterTests {
    /// A collector that stores requests, is unreachable, or rejects some spans of each batch.
    private final class Collector: Channel {
        let requests =
            Mutex<[Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest]>([])
        let isAway: Bool
        let rejected: Int64

        init(isAway: Bool, rejected: Int64 = 0) {
            self.isAway = isAway
            self.rejected = rejected
        }

        func unary(
            _ call: OutgoingCall,
            _ message: [UInt8]
        ) async throws(RPCError) -> UnaryReply {
            if self.isAway { throw RPCError(.unavailable, "away") }
            do {
                let request = try Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest(
                    serializedBytes: message
                )
                self.requests.withLock { $0.append(request) }
            } catch {
                throw RPCError(.invalidArgument, "\(error)")
            }
            var answer = Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceResponse()
            answer.partialSuccess.rejectedSpans = self.rejected
            return UnaryReply((try? answer.serializedBytes()) ?? [])
        }

        func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
            throw RPCError(.unimplemented, "no streams")
        }
    }

    private func export(_ count: Int, to collector: Collector) async -> String {
        let registry = MetricRegistry()
        let exporter = SpanExporter(
            collector,
            resource: [("service.name", "payment")],
            timeline: Timeline(ContinuousClock()),
            registry
        )
        let tracer = SpanTracer(
            share: 1,
            draw: { 0 },
            randomBytes: { Array(repeating: 0xAB, count: $0) },
            now: { 5 },
            onEnd: { exporter.add($0) }
        )
        for _ in 0..<count { tracer.start("work", .server, in: nil)?.end() }
        await exporter.flush()
        return await MetricText.write(registry, as: .prometheus)
    }

    @Test("sends batches, with ids as bytes and the process as resource")
    func batches() async throws {
        let collector = Collector(isAway: false)
        let text = await self.export(SpanExporter.batchMax + 1, to: collector)
        let requests = collector.requests.withLock { $0 }
        #expect(requests.map { $0.resourceSpans[0].scopeSpans[0].spans.count } == [512, 1])
        let span = requests[1].resourceSpans[0].scopeSpans[0].spans[0]
        #expect(Array(span.traceID) == Array(repeating: 0xAB, count: 16))
        #expect(Array(span.spanID) == Array(repeating: 0xAB, count: 8))
        #expect(span.name == "work")
        #expect(span.kind == .server)
        #expect(requests[0].resourceSpans[0].resource.attributes[0].value.stringValue == "payment")
        #expect(text.contains("florin_traces_spans_exported_total 513\n"))
    }

    @Test("drops and counts spans that an unreachable collector does not take")
    func away() async {
        let text = await self.export(3, to: Collector(isAway: true))
        #expect(text.contains("florin_traces_spans_dropped_total 3\n"))
    }

    @Test(
        "counts the spans that a collector rejects as dropped",
        arguments: [
            (2, "exported_total 1", "dropped_total 2"), (9, "exported_total 0", "dropped_total 3"),
        ]
            as [(Int64, String, String)]
    )
    func rejects(_ rejected: Int64, _ exported: String, _ dropped: String) async {
        let text = await self.export(3, to: Collector(isAway: false, rejected: rejected))
        #expect(text.contains("florin_traces_spans_\(exported)\n"))
        #expect(text.contains("florin_traces_spans_\(dropped)\n"))
    }

    @Test("holds a bounded number of spans, and drops and counts the rest")
    func bounded() async {
        let collector = Collector(isAway: false)
        let text = await self.export(SpanExporter.waitingMax + 2, to: collector)
        #expect(text.contains("florin_traces_spans_dropped_total 2\n"))
        #expect(text.contains("florin_traces_spans_exported_total 4096\n"))
    }
}
