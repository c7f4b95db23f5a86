import Instrumentation
import Synchronization
import Telemetry
import Testing
import Tracing
import TransportCore

@Suite("Tracing")
struct TracingTests {
    private final class Spans: Sendable {
        let all = Mutex<[RecordedSpan.Record]>([])
        var names: [String] { self.all.withLock { $0.map(\.name) } }
    }

    private static let sampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    private static let unsampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"

    private func tracer(share: Double) -> (SpanTracer, Spans) {
        let spans = Spans()
        let count = Mutex<UInt8>(0)
        let tracer = SpanTracer(
            share: share,
            draw: { 0.5 },
            randomBytes: { length in
                let next = count.withLock { count in
                    count += 1
                    return count
                }
                return Array(repeating: next, count: length)
            },
            now: { 7 },
            onEnd: { span in spans.all.withLock { $0.append(span) } }
        )
        return (tracer, spans)
    }

    /// Answers with the `traceparent` of the call.
    private struct Mirror: Channel {
        func unary(
            _ call: OutgoingCall,
            _ message: [UInt8]
        ) async throws(RPCError) -> UnaryReply {
            if call.method == "p.S/Fail" { throw RPCError(.unavailable, "away") }
            return UnaryReply(Array((call.metadata.text("traceparent") ?? "none").utf8))
        }

        func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
            throw RPCError(.unimplemented, "no streams")
        }
    }

    private func ask(
        _ tracer: SpanTracer,
        within traceParent: String?,
        _ method: String = "p.S/M"
    ) async -> String {
        let attempts = TracedChannel(Mirror(), each: .attempt, tracer)
        let calls = TracedChannel(attempts, each: .call, tracer)
        return await CallScope.$current.withValue(CallScope(traceParent: traceParent)) {
            let reply = try? await calls.unary(OutgoingCall(method: method), [])
            return String(decoding: reply?.message ?? [], as: UTF8.self)
        }
    }

    @Test("gives a call a span and each attempt one below it, which the server sees")
    func nesting() async throws {
        let (tracer, spans) = self.tracer(share: 0)
        let seen = await self.ask(tracer, within: Self.sampled)
        let all = spans.all.withLock { $0 }
        #expect(all.map(\.name) == ["Attempt.p.S/M", "Sent.p.S/M"])
        try #require(all.count == 2)
        #expect(all[0].parentID == all[1].trace.spanID)
        #expect(all[1].parentID == "b7ad6b7169203331")
        #expect(Set(all.map(\.trace.traceID)) == ["0af7651916cd43dd8448eb211c80319c"])
        #expect(seen == all[0].trace.traceParent)
    }

    @Test("records nothing of a trace that its caller does not want")
    func unsampled() async {
        let (tracer, spans) = self.tracer(share: 1)
        _ = await self.ask(tracer, within: Self.unsampled)
        #expect(spans.names.isEmpty)
    }

    @Test("records new traces with a given probability", arguments: [(0.4, 0), (0.6, 2)])
    func share(share: Double, count: Int) async {
        let (tracer, spans) = self.tracer(share: share)
        _ = await self.ask(tracer, within: nil)
        #expect(spans.names.count == count)
    }

    @Test("marks a failed call with its status")
    func failure() async throws {
        let (tracer, spans) = self.tracer(share: 0)
        _ = await self.ask(tracer, within: Self.sampled, "p.S/Fail")
        let all = spans.all.withLock { $0 }
        #expect(all.count == 2)
        #expect(all.allSatisfy { $0.status?.code == .error })
        #expect(all.allSatisfy { $0.attributes.get("rpc.grpc.status_code") == .int64(14) })
    }

    @Test("works through swift-distributed-tracing: a library's span is one of ours")
    func library() {
        let (tracer, spans) = self.tracer(share: 1)
        let span = tracer.startSpan("work", context: .topLevel, ofKind: .internal)
        span.end()
        span.end()
        #expect(spans.names == ["work"])
    }
}
