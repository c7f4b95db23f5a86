internal import Instrumentation
package import Tracing
package import TransportCore

extension SpanTracer {
    /// Runs `body` in a span of the current request; calls made by `body` belong to the span.
    ///
    /// A new trace gets the id `traceID`, if given. `body` receives nil if the trace is not
    /// recorded.
    package func trace<Answer>(
        _ name: String,
        _ kind: SpanKind,
        traceID: String? = nil,
        _ body: (RecordedSpan?) async throws -> Answer
    ) async rethrows -> Answer {
        let parent = CallScope.current.traceParent.flatMap(TraceContext.init(traceParent:))
        guard let span = self.start(name, kind, in: parent, traceID: traceID) else {
            return try await body(nil)
        }
        defer { span.end() }
        var scope = CallScope.current
        scope.traceParent = span.context.trace?.traceParent
        return try await CallScope.$current.withValue(scope) {
            try await InstrumentationContext.$current.withValue(span.context) {
                try await body(span)
            }
        }
    }

    /// `method` with a span around each recorded call.
    package func traced(_ method: RegisteredMethod) -> RegisteredMethod {
        let handler: RegisteredMethod.Handler =
            switch method.handler {
            case .unary(let answer):
                .unary { call, message in
                    try await self.serve(method.name) { try await answer(call, message) }
                }
            case .streaming(let answer):
                .streaming { call, requests, writer in
                    try await self.serve(method.name) { try await answer(call, requests, writer) }
                }
            }
        return RegisteredMethod(name: method.name, kind: method.kind, handler: handler)
    }

    private func serve<Answer>(
        _ method: String,
        _ body: () async throws -> Answer
    ) async throws -> Answer {
        try await self.trace(method, .server) { span in
            guard let span else { return try await body() }
            span.note(method)
            do {
                let answer = try await body()
                span.note(.ok)
                return answer
            } catch {
                span.note((error as? RPCError)?.code ?? .unknown)
                throw error
            }
        }
    }
}

/// A channel with a span around each call or attempt.
///
/// The span of a stream ends once the stream is open.
package struct TracedChannel: Channel {
    private let base: any Channel
    private let tracer: SpanTracer
    private let prefix: String

    /// Wraps `base`; names spans `Sent.` or `Attempt.` plus the method (gRFC A72).
    package init(_ base: any Channel, each unit: MeteredChannel.Unit, _ tracer: SpanTracer) {
        self.base = base
        self.tracer = tracer
        self.prefix =
            switch unit {
            case .call: "Sent."
            case .attempt: "Attempt."
            }
    }

    package func unary(
        _ call: OutgoingCall,
        _ message: [UInt8]
    ) async throws(RPCError) -> UnaryReply {
        try await self.span(call) { call throws(RPCError) in try await base.unary(call, message) }
    }

    package func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        try await self.span(call) { call throws(RPCError) in try await base.open(call) }
    }

    private func span<Answer>(
        _ call: OutgoingCall,
        _ body: (OutgoingCall) async throws(RPCError) -> Answer
    ) async throws(RPCError) -> Answer {
        let result = await self.tracer.trace(self.prefix + call.method, .client) {
            span -> Result<Answer, RPCError> in
            var call = call
            if let trace = span?.context.trace {
                call.metadata.remove("traceparent")
                call.metadata.add("traceparent", trace.traceParent)
            }
            span?.note(call.method)
            do throws(RPCError) {
                let answer = try await body(call)
                span?.note(.ok)
                return .success(answer)
            } catch {
                span?.note(error.code)
                return .failure(error)
            }
        }
        return try result.get()
    }
}

extension RecordedSpan {
    /// Sets the call attributes of OpenTelemetry's conventions.
    fileprivate func note(_ method: String) {
        let service = method.prefix { $0 != "/" }
        self.attributes["rpc.system"] = "grpc"
        self.attributes["rpc.service"] = String(service)
        self.attributes["rpc.method"] = String(method.dropFirst(service.utf8.count + 1))
    }

    fileprivate func note(_ code: StatusCode) {
        self.attributes["rpc.grpc.status_code"] = code.rawValue
        if code != .ok { self.setStatus(SpanStatus(code: .error, message: code.name)) }
    }
}
