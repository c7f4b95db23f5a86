package import Instrumentation
import Synchronization
package import Tracing
package import TransportCore

/// A span that is being recorded; passed on once when it ends.
package final class RecordedSpan: Tracing.Span {
    /// The data of a span.
    package struct Record: Sendable {
        package let trace: TraceContext
        package let parentID: String?
        package let kind: SpanKind
        package var name: String
        /// Nanoseconds since 1970.
        package let start: UInt64
        package var end: UInt64 = 0
        package var attributes = SpanAttributes()
        package var status: SpanStatus?
        package var events: [SpanEvent] = []
        package var links: [TraceContext] = []
    }

    /// The most events, and the most links, of a span.
    static let detailsMax = 32

    package let context: InstrumentationContext
    private let state: Mutex<Record?>
    private let onEnd: (@Sendable (Record) -> Void)?
    private let now: @Sendable () -> UInt64

    init(
        _ record: Record,
        _ context: InstrumentationContext,
        now: @escaping @Sendable () -> UInt64,
        onEnd: (@Sendable (Record) -> Void)?
    ) {
        var context = context
        context.trace = record.trace
        self.context = context
        self.state = Mutex(record)
        self.now = now
        self.onEnd = onEnd
    }

    package var isRecording: Bool { self.state.withLock { $0 != nil } }

    package var operationName: String {
        get { self.state.withLock { $0?.name ?? "" } }
        set { self.state.withLock { $0?.name = newValue } }
    }

    package var attributes: SpanAttributes {
        get { self.state.withLock { $0?.attributes ?? [:] } }
        set { self.state.withLock { $0?.attributes = newValue } }
    }

    package func setStatus(_ status: SpanStatus) { self.state.withLock { $0?.status = status } }

    package func addEvent(_ event: SpanEvent) {
        self.state.withLock { record in
            guard let count = record?.events.count, count < Self.detailsMax else { return }
            record?.events.append(event)
        }
    }

    package func addLink(_ link: SpanLink) {
        guard let trace = link.context.trace else { return }
        self.state.withLock { record in
            guard let count = record?.links.count, count < Self.detailsMax else { return }
            record?.links.append(trace)
        }
    }

    package func recordError<Instant: TracerInstant>(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> Instant
    ) {
        self.setStatus(SpanStatus(code: .error, message: "\(error)"))
    }

    package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        self.end(at: instant().nanosecondsSinceEpoch)
    }

    /// Ends the span now.
    package func end() { self.end(at: self.now()) }

    private func end(at moment: UInt64) {
        let ended = self.state.withLock { record in
            defer { record = nil }
            return record
        }
        guard var ended else { return }
        ended.end = max(ended.start, moment)
        self.onEnd?(ended)
    }
}

private enum TraceKey: InstrumentationContextKey {
    typealias Value = TraceContext
}

extension InstrumentationContext {
    /// The span of the current work.
    package var trace: TraceContext? {
        get { self[TraceKey.self] }
        set { self[TraceKey.self] = newValue }
    }
}
