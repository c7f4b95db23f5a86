/// Every metric of a process.
///
/// Names follow gRPC (gRFC A66, A96) and OpenTelemetry; our own begin with `florin.`.
package enum MetricCatalogue {
    package static let clientAttemptStarted = MetricDescription(
        "grpc.client.attempt.started",
        .counter,
        labels: ["grpc.method", "grpc.target"],
        help: "Attempts of calls that were begun"
    )
    package static let clientAttemptDuration = MetricDescription(
        "grpc.client.attempt.duration",
        .histogram(latencies),
        unit: "seconds",
        labels: ["grpc.method", "grpc.target", "grpc.status"],
        help: "From the start of an attempt to its status"
    )
    package static let clientAttemptSent = MetricDescription(
        "grpc.client.attempt.sent_total_compressed_message_size",
        .histogram(sizes),
        unit: "bytes",
        labels: ["grpc.method", "grpc.target", "grpc.status"],
        help: "Bytes of the requests of one attempt, before compression"
    )
    package static let clientAttemptReceived = MetricDescription(
        "grpc.client.attempt.rcvd_total_compressed_message_size",
        .histogram(sizes),
        unit: "bytes",
        labels: ["grpc.method", "grpc.target", "grpc.status"],
        help: "Bytes of the responses of one attempt, without compression"
    )
    package static let clientCallDuration = MetricDescription(
        "grpc.client.call.duration",
        .histogram(latencies),
        unit: "seconds",
        labels: ["grpc.method", "grpc.target", "grpc.status"],
        help: "From the start of a call to its end, retries included"
    )
    package static let clientRetries = MetricDescription(
        "grpc.client.call.retries",
        .histogram(repeats),
        labels: ["grpc.method", "grpc.target"],
        help: "Attempts of one call that were made because those before had failed, if any"
    )
    package static let clientHedges = MetricDescription(
        "grpc.client.call.hedges",
        .histogram(repeats),
        labels: ["grpc.method", "grpc.target"],
        help: "Attempts of one call that were made beside others, if any"
    )
    package static let clientRetryDelay = MetricDescription(
        "grpc.client.call.retry_delay",
        .histogram(latencies),
        unit: "seconds",
        labels: ["grpc.method", "grpc.target"],
        help: "Pauses of a retried call in which it had no attempt in flight"
    )
    package static let serverCallStarted = MetricDescription(
        "grpc.server.call.started",
        .counter,
        labels: ["grpc.method"],
        help: "Calls that came"
    )
    package static let serverCallDuration = MetricDescription(
        "grpc.server.call.duration",
        .histogram(latencies),
        unit: "seconds",
        labels: ["grpc.method", "grpc.status"],
        help: "From a call's headers to its status"
    )
    package static let serverSent = MetricDescription(
        "grpc.server.call.sent_total_compressed_message_size",
        .histogram(sizes),
        unit: "bytes",
        labels: ["grpc.method", "grpc.status"],
        help: "Bytes of the responses of one call, before compression"
    )
    package static let serverReceived = MetricDescription(
        "grpc.server.call.rcvd_total_compressed_message_size",
        .histogram(sizes),
        unit: "bytes",
        labels: ["grpc.method", "grpc.status"],
        help: "Bytes of the requests of one call, without compression"
    )
    package static let httpRequestDuration = MetricDescription(
        "http.server.request.duration",
        .histogram(requestTimes),
        unit: "seconds",
        labels: ["http.request.method", "http.route", "http.response.status_code"],
        help: "From a request's head to its answer"
    )
    package static let httpActiveRequests = MetricDescription(
        "http.server.active_requests",
        .gauge,
        help: "Requests that are being answered"
    )
    package static let breakerState = MetricDescription(
        "florin.breaker.state",
        .gauge,
        labels: ["grpc.target", "grpc.method", "state"],
        help: "1 for the state that a circuit breaker is in: closed, open or halfOpen"
    )
    package static let limiterLimit = MetricDescription(
        "florin.limiter.limit",
        .gauge,
        labels: ["service"],
        help: "Calls that may run at a time"
    )
    package static let limiterInFlight = MetricDescription(
        "florin.limiter.in_flight",
        .gauge,
        labels: ["service"],
        help: "Calls that run"
    )
    package static let limiterWaiting = MetricDescription(
        "florin.limiter.waiting",
        .gauge,
        labels: ["service"],
        help: "Calls that wait for their turn"
    )
    package static let limiterShed = MetricDescription(
        "florin.limiter.shed",
        .counter,
        labels: ["service"],
        help: "Calls that were sent away because of overload"
    )
    package static let endpoints = MetricDescription(
        "florin.balancer.endpoints",
        .gauge,
        labels: ["grpc.target", "state"],
        help:
            "Addresses of a service by state: ready, away, unhealthy or ejected"
    )
    package static let journalBatch = MetricDescription(
        "florin.journal.batch.entries",
        .histogram([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024]),
        help: "Entries that one commit made durable"
    )
    package static let journalCommit = MetricDescription(
        "florin.journal.commit.duration",
        .histogram(latencies),
        unit: "seconds",
        help: "How long one commit took, its sync to the disk included"
    )
    package static let journalCommitFailures = MetricDescription(
        "florin.journal.commit.failures",
        .counter,
        labels: ["cause"],
        help: "Commits that failed: full, unavailable, outcome_unknown, corrupt or overloaded"
    )
    package static let spansDropped = MetricDescription(
        "florin.traces.spans_dropped",
        .counter,
        help: "Spans that could not be exported and were thrown away"
    )
    package static let spansExported = MetricDescription(
        "florin.traces.spans_exported",
        .counter,
        help: "Spans that the collector took"
    )
    package static let logLinesDropped = MetricDescription(
        "florin.log.lines_dropped",
        .counter,
        help: "Lines of the log that were dropped: the reader was too slow, or a write failed"
    )
    package static let loopLag = MetricDescription(
        "florin.loop.lag",
        .gauge,
        unit: "seconds",
        labels: ["loop"],
        help: "How late an event loop ran a task that was due"
    )
    package static let certificateExpiry = MetricDescription(
        "florin.tls.certificate.expiry",
        .gauge,
        unit: "seconds",
        labels: ["certificate"],
        help: "When the own certificate and the authorities expire, since 1970"
    )
    package static let build = MetricDescription(
        "florin.build.info",
        .gauge,
        labels: ["version", "revision"],
        help: "1, with the release as labels"
    )
    package static let processCPU = MetricDescription(
        "process.cpu",
        .counter,
        unit: "seconds",
        help: "Processor time, of user and system"
    )
    package static let processMemory = MetricDescription(
        "process.resident_memory",
        .gauge,
        unit: "bytes",
        help: "Memory that is in RAM"
    )
    package static let processFiles = MetricDescription(
        "process.open_fds",
        .gauge,
        help: "Open file descriptors"
    )
    package static let processFilesMax = MetricDescription(
        "process.max_fds",
        .gauge,
        help: "File descriptors that may be open"
    )
    package static let connections = MetricDescription(
        "florin.connections.open",
        .gauge,
        labels: ["listener"],
        help: "Connections that were taken and are open, by the kind of their listeners"
    )
    package static let connectionsMax = MetricDescription(
        "florin.connections.limit",
        .gauge,
        labels: ["listener"],
        help: "Connections that may be open, by the kind of their listeners"
    )
    package static let connectionsEvicted = MetricDescription(
        "florin.connections.evicted",
        .counter,
        labels: ["listener"],
        help: "Connections without a request that were closed to take others"
    )
    package static let acceptFailures = MetricDescription(
        "florin.connections.accept_failures",
        .counter,
        labels: ["listener"],
        help: "Refusals of the system to accept a connection"
    )
    package static let processStart = MetricDescription(
        "process.start_time",
        .gauge,
        unit: "seconds",
        help: "When the process started, since 1970"
    )

    /// All metrics, in the order in which they are shown.
    package static let all = [
        build, processCPU, processMemory, processFiles, processFilesMax, processStart, loopLag,
        certificateExpiry, connections, connectionsMax, connectionsEvicted, acceptFailures,
        httpRequestDuration, httpActiveRequests,
        serverCallStarted, serverCallDuration, serverReceived, serverSent,
        clientAttemptStarted, clientAttemptDuration, clientAttemptSent, clientAttemptReceived,
        clientCallDuration, clientRetries, clientHedges, clientRetryDelay,
        breakerState, limiterLimit, limiterInFlight, limiterWaiting, limiterShed, endpoints,
        journalBatch, journalCommit, journalCommitFailures, spansExported, spansDropped,
        logLinesDropped,
    ]

    /// The buckets of gRFC A66, with fewer at the ends.
    private static let latencies: [Double] = [
        0.0001, 0.0003, 0.0006, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01, 0.013,
        0.016, 0.02, 0.025, 0.03, 0.04, 0.05, 0.065, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4,
        0.5, 0.65, 0.8, 1, 2, 5, 10, 20, 50,
    ]
    /// The buckets of gRFC A96.
    private static let repeats: [Double] = [1, 2, 3, 4, 5]
    private static let sizes: [Double] = [
        0, 128, 256, 512, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304,
    ]
    private static let requestTimes: [Double] = [
        0.001, 0.0025, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5,
        7.5, 10,
    ]
}
