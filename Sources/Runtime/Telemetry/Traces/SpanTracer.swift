package import Instrumentation
package import Tracing
package import TransportCore

/// The tracer for swift-distributed-tracing; passes ended spans to an exporter.
///
/// A trace begun by a caller is recorded if the caller says so, a new one with probability `share`.
package final class SpanTracer: Tracer {
    private let share: Double
    private let draw: @Sendable () -> Double
    private let randomBytes: @Sendable (Int) -> [UInt8]
    private let now: @Sendable () -> UInt64
    private let onEnd: @Sendable (RecordedSpan.Record) -> Void

    /// Makes a tracer.
    ///
    /// - Parameters:
    ///   - share: The share of new traces that are recorded, 0 to 1.
    ///   - draw: A random number, uniform in 0..<1.
    ///   - randomBytes: Random bytes for ids.
    ///   - now: Nanoseconds since 1970.
    ///   - onEnd: Receives ended spans.
    package init(
        share: Double,
        draw: @escaping @Sendable () -> Double,
        randomBytes: @escaping @Sendable (Int) -> [UInt8],
        now: @escaping @Sendable () -> UInt64,
        onEnd: @escaping @Sendable (RecordedSpan.Record) -> Void
    ) {
        self.share = share
        self.draw = draw
        self.randomBytes = randomBytes
        self.now = now
        self.onEnd = onEnd
    }

    /// Starts a span in the trace of `parent`, or in a new trace, called `traceID` if given.
    ///
    /// Returns nil if the trace is not recorded.
    package func start(
        _ name: String,
        _ kind: SpanKind,
        in parent: TraceContext?,
        _ context: InstrumentationContext = .topLevel,
        traceID: String? = nil
    ) -> RecordedSpan? {
        let isSampled = parent?.isSampled ?? (self.draw() < self.share)
        guard isSampled else { return nil }
        return self.span(name, kind, in: parent, context, at: self.now(), traceID: traceID)
    }

    /// A context that tells callees not to record the trace `traceID`.
    package func unrecorded(_ traceID: String) -> TraceContext {
        TraceContext(traceID: traceID, spanID: Hex.text(self.randomBytes(8)), isSampled: false)
    }

    private func span(
        _ name: String,
        _ kind: SpanKind,
        in parent: TraceContext?,
        _ context: InstrumentationContext,
        at start: UInt64,
        isSampled: Bool = true,
        traceID: String? = nil
    ) -> RecordedSpan {
        let trace = TraceContext(
            traceID: parent?.traceID ?? traceID ?? TraceContext.freshID(self.randomBytes),
            spanID: Hex.text(self.randomBytes(8)),
            isSampled: isSampled
        )
        let record = RecordedSpan.Record(
            trace: trace,
            parentID: parent?.spanID,
            kind: kind,
            name: name,
            start: start
        )
        let onEnd = isSampled ? self.onEnd : nil
        return RecordedSpan(record, context, now: self.now, onEnd: onEnd)
    }

    // MARK: swift-distributed-tracing

    package func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> InstrumentationContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> RecordedSpan {
        let context = context()
        let isSampled = context.trace?.isSampled ?? (self.draw() < self.share)
        return self.span(
            operationName,
            kind,
            in: context.trace,
            context,
            at: instant().nanosecondsSinceEpoch,
            isSampled: isSampled
        )
    }

    package func activeSpan(identifiedBy context: InstrumentationContext) -> RecordedSpan? { nil }

    package func forceFlush() {}

    package func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout InstrumentationContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        let text = extractor.extract(key: "traceparent", from: carrier)
        context.trace = text.flatMap(TraceContext.init(traceParent:))
    }

    package func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let trace = context.trace else { return }
        injector.inject(trace.traceParent, forKey: "traceparent", into: &carrier)
    }
}
