import Synchronization
package import TransportCore

/// Counts a process's calls to one service.
package final class ClientCallMetrics: ClientObserver {
    private let registry: MetricRegistry
    private let target: String
    private let methods = MethodTable<Instruments>()

    /// The series of one method.
    private struct Instruments {
        let started: CounterSeries
        let retries: HistogramSeries
        let hedges: HistogramSeries
        let retryDelay: HistogramSeries
        let attempts = StatusTable()
        let calls = StatusTable()
    }

    /// Makes metrics of calls to `target` in `registry`.
    package init(_ registry: MetricRegistry, target: String) {
        self.registry = registry
        self.target = target
    }

    package func attemptStarted(_ method: String) { self.instruments(method)?.started.increment() }

    package func attemptEnded(_ attempt: ObservedCall) {
        self.instruments(attempt.method)?.attempts
            .record(attempt) { self.attemptSeries(attempt) }
    }

    package func callEnded(_ call: ObservedCall) {
        self.instruments(call.method)?.calls.record(call) {
            let duration = self.registry.histogram(
                MetricCatalogue.clientCallDuration,
                call.method,
                self.target,
                call.code.name
            )
            return CallSeries(duration: duration, sent: nil, received: nil)
        }
    }

    package func retried(_ method: String, after wait: Duration) {}

    package func repeated(_ method: String, _ repeats: Repeats) {
        guard let instruments = self.instruments(method) else { return }
        if repeats.hedges > 0 { instruments.hedges.record(Double(repeats.hedges)) }
        guard repeats.retries > 0 else { return }
        instruments.retries.record(Double(repeats.retries))
        instruments.retryDelay.record(repeats.delay / .seconds(1))
    }

    private func instruments(_ method: String) -> Instruments? {
        self.methods.value(of: method) {
            Instruments(
                started: self.registry.counter(
                    MetricCatalogue.clientAttemptStarted,
                    method,
                    self.target
                ),
                retries: self.registry.histogram(
                    MetricCatalogue.clientRetries,
                    method,
                    self.target
                ),
                hedges: self.registry.histogram(
                    MetricCatalogue.clientHedges,
                    method,
                    self.target
                ),
                retryDelay: self.registry.histogram(
                    MetricCatalogue.clientRetryDelay,
                    method,
                    self.target
                )
            )
        }
    }

    private func attemptSeries(_ attempt: ObservedCall) -> CallSeries {
        let (method, code) = (attempt.method, attempt.code.name)
        let duration = MetricCatalogue.clientAttemptDuration
        let (sent, received) = (
            MetricCatalogue.clientAttemptSent, MetricCatalogue.clientAttemptReceived
        )
        return CallSeries(
            duration: self.registry.histogram(duration, method, self.target, code),
            sent: self.registry.histogram(sent, method, self.target, code),
            received: self.registry.histogram(received, method, self.target, code)
        )
    }
}

/// Counts the calls that a service receives.
package final class ServerCallMetrics: ServerObserver {
    private let registry: MetricRegistry
    private let methods = MethodTable<Instruments>()

    private struct Instruments {
        let started: CounterSeries
        let calls = StatusTable()
    }

    /// Makes metrics of received calls in `registry`.
    package init(_ registry: MetricRegistry) { self.registry = registry }

    package func callStarted(_ method: String) { self.instruments(method)?.started.increment() }

    package func callEnded(_ call: ObservedCall) {
        self.instruments(call.method)?.calls.record(call) {
            let (method, code) = (call.method, call.code.name)
            return CallSeries(
                duration: self.registry.histogram(
                    MetricCatalogue.serverCallDuration,
                    method,
                    code
                ),
                sent: self.registry.histogram(MetricCatalogue.serverSent, method, code),
                received: self.registry.histogram(MetricCatalogue.serverReceived, method, code)
            )
        }
    }

    private func instruments(_ method: String) -> Instruments? {
        self.methods.value(of: method) {
            Instruments(
                started: self.registry.counter(MetricCatalogue.serverCallStarted, method)
            )
        }
    }
}

/// The series of one method and status.
private struct CallSeries {
    let duration: HistogramSeries
    let sent: HistogramSeries?
    let received: HistogramSeries?
}

/// Caches the series of each status, to bypass the registry.
private final class StatusTable: Sendable {
    private let series = Mutex<[CallSeries?]>(
        Array(repeating: nil, count: StatusCode.allCases.count)
    )

    func record(_ call: ObservedCall, make: () -> CallSeries) {
        let index = call.code.rawValue
        let series = self.series.withLock { table in
            if let known = table[index] { return known }
            let made = make()
            table[index] = made
            return made
        }
        series.duration.record(call.duration / .seconds(1))
        series.sent?.record(Double(call.sent))
        series.received?.record(Double(call.received))
    }
}

/// Caches values of at most ``methodsMax`` methods, to bypass the registry; further methods are not
/// counted.
private final class MethodTable<Value: Sendable>: Sendable {
    private static var methodsMax: Int { 200 }

    private let values = Mutex<[String: Value]>([:])

    func value(of method: String, make: () -> Value) -> Value? {
        self.values.withLock { values in
            if let known = values[method] { return known }
            guard values.count < Self.methodsMax else { return nil }
            let made = make()
            values[method] = made
            return made
        }
    }
}
