internal import SwiftProtobuf
internal import TelemetryMessages
internal import Tracing
internal import TransportCore

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Converts spans to OTLP messages.
enum OTLP {
    typealias KeyValue = Opentelemetry_Proto_Common_V1_KeyValue
    typealias Span = Opentelemetry_Proto_Trace_V1_Span

    static func request(
        _ spans: [RecordedSpan.Record],
        resource: [(String, String)]
    ) -> Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest {
        .with { request in
            request.resourceSpans = [
                .with { part in
                    part.resource.attributes = resource.map { self.attribute($0, .string($1)) }
                    part.scopeSpans = [
                        .with { scope in
                            scope.scope.name = "florin"
                            scope.spans = spans.map(self.span)
                        }
                    ]
                }
            ]
        }
    }

    private static func span(_ record: RecordedSpan.Record) -> Span {
        .with { span in
            span.traceID = self.bytes(record.trace.traceID)
            span.spanID = self.bytes(record.trace.spanID)
            span.parentSpanID = self.bytes(record.parentID ?? "")
            span.name = record.name
            span.kind = self.kind(record.kind)
            span.startTimeUnixNano = record.start
            span.endTimeUnixNano = record.end
            span.attributes = self.attributes(record.attributes)
            span.events = record.events.map(self.event)
            span.links = record.links.map { link in
                .with {
                    $0.traceID = self.bytes(link.traceID)
                    $0.spanID = self.bytes(link.spanID)
                }
            }
            if let status = record.status { span.status = self.status(status) }
        }
    }

    private static func event(_ event: SpanEvent) -> Span.Event {
        .with { result in
            result.timeUnixNano = event.nanosecondsSinceEpoch
            result.name = event.name
            result.attributes = self.attributes(event.attributes)
        }
    }

    private static func status(_ status: SpanStatus) -> Opentelemetry_Proto_Trace_V1_Status {
        .with {
            $0.code = status.code == .ok ? .ok : .error
            $0.message = status.message ?? ""
        }
    }

    private static func kind(_ kind: SpanKind) -> Span.SpanKind {
        switch kind {
        case .server: .server
        case .client: .client
        case .producer: .producer
        case .consumer: .consumer
        case .internal: .internal
        }
    }

    /// The attributes, sorted by name.
    private static func attributes(_ attributes: SpanAttributes) -> [KeyValue] {
        var result: [KeyValue] = []
        // swift-format-ignore: ReplaceForEachWithForLoop
        attributes.forEach { result.append(self.attribute($0, $1)) }
        return result.sorted { $0.key < $1.key }
    }

    /// Keeps numbers, booleans and strings; other values become their description.
    private static func attribute(_ key: String, _ value: SpanAttribute) -> KeyValue {
        .with {
            $0.key = key
            switch value {
            case .int32(let number): $0.value.intValue = Int64(number)
            case .int64(let number): $0.value.intValue = number
            case .double(let number): $0.value.doubleValue = number
            case .bool(let flag): $0.value.boolValue = flag
            case .string(let text): $0.value.stringValue = text
            default: $0.value.stringValue = "\(value)"
            }
        }
    }

    private static func bytes(_ digits: String) -> Data { Data(Hex.bytes(digits)) }
}
