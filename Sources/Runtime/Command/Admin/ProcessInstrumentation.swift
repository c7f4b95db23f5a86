import Composition
import Domain
import Edge
import ServiceLifecycle
import StorageCore
import Telemetry
import Tracing
import TransportCore

/// The metrics and traces of a serving process.
struct ProcessInstrumentation {
    let registry = MetricRegistry()
    let instrumentation: Instrumentation
    private let backlog = JournalBacklog()
    private let tracer: SpanTracer?
    private let exporter: SpanExporter?

    init(
        _ configuration: SystemConfiguration,
        _ services: [ServiceName],
        _ collectors: any Transport,
        _ timeline: Timeline
    ) {
        let registry = self.registry
        let exporter = configuration.tracing.map { tracing in
            SpanExporter(
                collectors.channel(to: tracing.collector),
                resource: Self.resource(services),
                timeline: timeline,
                registry
            )
        }
        self.exporter = exporter
        self.tracer = exporter.map { Self.tracer(configuration, $0) }
        var instrumentation = Instrumentation(
            client: { ClientCallMetrics(registry, target: $0) },
            server: { _ in ServerCallMetrics(registry) }
        )
        if services.contains(.ledger) {
            instrumentation.commits = Self.commits(registry, timeline, self.backlog)
        }
        if let tracer = self.tracer {
            instrumentation.method = { tracer.traced($0) }
            instrumentation.channel = { base, unit in TracedChannel(base, each: unit, tracer) }
        }
        self.instrumentation = instrumentation
        registry.show(instrumentation.introspection)
    }

    private static func commits(
        _ registry: MetricRegistry,
        _ timeline: Timeline,
        _ backlog: JournalBacklog
    ) -> CommitWatch {
        let batch = registry.histogram(MetricCatalogue.journalBatch)
        let commit = registry.histogram(MetricCatalogue.journalCommit)
        // Created at zero: a counter that first appears with a failure has no rate.
        for cause in JournalError.causes {
            _ = registry.counter(MetricCatalogue.journalCommitFailures, cause)
        }
        return CommitWatch(
            clock: { timeline.now.nanoseconds },
            committed: { entries, time in
                batch.record(Int64(entries))
                commit.record(time / .seconds(1))
            },
            failed: { error in
                registry.counter(MetricCatalogue.journalCommitFailures, error.cause).increment()
            },
            ended: { writes, time in backlog.ended(writes, time, at: timeline.now) }
        )
    }

    /// The queueing delay of this process, on an event loop or behind a full commit, as evidence of
    /// overload.
    func queueingDelay(_ lag: LoopLag, _ timeline: Timeline) -> @Sendable () -> Duration {
        { [backlog] in max(lag.now, backlog.delay(at: timeline.now)) }
    }

    private static func tracer(
        _ configuration: SystemConfiguration,
        _ exporter: SpanExporter
    ) -> SpanTracer {
        SpanTracer(
            share: configuration.tracing?.share ?? 0,
            draw: { Double.random(in: 0..<1) },
            randomBytes: Environment.randomBytes,
            now: { UInt64(Environment.exactTime() * 1e9) },
            onEnd: { exporter.add($0) }
        )
    }

    private static func resource(_ services: [ServiceName]) -> [(String, String)] {
        [
            ("service.name", services.count == 1 ? services[0].rawValue : "florin"),
            ("service.version", Release.version),
        ]
    }

    /// The service that exports spans; empty without tracing.
    var exports: [any Service] { self.exporter.map { [SpanExport(exporter: $0)] } ?? [] }

    /// Lets `gateway` answer in a span of the client's trace or of a new one.
    func answer(
        _ request: GatewayRequest,
        _ context: EdgeContext,
        by gateway: Gateway
    ) async -> GatewayResponse {
        let traceParent = context.traceparent
        guard let tracer = self.tracer else {
            return await GatewayParts.answer(request, traceParent: traceParent, by: gateway)
        }
        return await CallScope.$current.withValue(CallScope(traceParent: traceParent)) {
            await tracer.trace(request.method, .server, traceID: context.traceID) { span in
                let own =
                    span?.context.trace?.traceParent ?? traceParent
                    ?? context.traceID.map { tracer.unrecorded($0).traceParent }
                let response = await GatewayParts.answer(request, traceParent: own, by: gateway)
                span?.note(request, response)
                return response
            }
        }
    }

    /// Counts and times the requests of an edge.
    func edgeWatch(_ timeline: Timeline) -> EdgeWatch {
        let active = self.registry.gauge(MetricCatalogue.httpActiveRequests)
        let registry = self.registry
        return EdgeWatch(
            clock: { timeline.now.nanoseconds },
            began: { active.increment(by: 1) },
            answered: { record in
                active.decrement(by: 1)
                registry.histogram(
                    MetricCatalogue.httpRequestDuration,
                    HTTPMethodLabel.of(record.method),
                    record.route ?? "",
                    "\(record.status)"
                ).record(record.duration / .seconds(1))
            }
        )
    }
}

/// Exports spans until shutdown, then the rest.
private struct SpanExport: Service {
    let exporter: SpanExporter

    func run() async throws {
        await withTaskGroup { group in
            group.addTask { await self.exporter.run() }
            group.addTask { try? await gracefulShutdown() }
            await group.next()
            group.cancelAll()
        }
        await self.exporter.flush()
    }
}

extension RecordedSpan {
    /// Sets the attributes of OpenTelemetry's conventions for HTTP servers.
    fileprivate func note(_ request: GatewayRequest, _ response: GatewayResponse) {
        let method = HTTPMethodLabel.of(request.method)
        self.operationName = [method, response.route].compactMap(\.self).joined(separator: " ")
        self.attributes["http.request.method"] = method
        self.attributes["http.response.status_code"] = response.status
        if let route = response.route { self.attributes["http.route"] = route }
        if response.status >= 500 { self.setStatus(SpanStatus(code: .error)) }
    }
}

extension JournalError {
    /// The values of the label `cause`.
    fileprivate static let causes = [
        "full", "unavailable", "outcome_unknown", "corrupt", "overloaded",
    ]

    fileprivate var cause: String {
        switch self {
        case .full: "full"
        case .unavailable: "unavailable"
        case .outcomeUnknown: "outcome_unknown"
        case .corrupt: "corrupt"
        case .overloaded: "overloaded"
        }
    }
}

/// The method label of a request; uncommon methods are `_OTHER`, so that peers cannot create
/// labels.
private enum HTTPMethodLabel {
    private static let common = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE",
    ]

    static func of(_ method: String) -> String {
        self.common.contains(method) ? method : "_OTHER"
    }
}
