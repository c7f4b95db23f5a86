/// A channel that reports its calls to an observer.
public struct MeteredChannel: Channel {
    /// The unit of measurement.
    public enum Unit: Sendable {
        /// A whole call, retries included.
        case call
        /// A single attempt.
        case attempt
    }

    private let base: any Channel
    private let unit: Unit
    private let timeline: Timeline
    private let observer: any ClientObserver

    /// Wraps `base`; each call through it is reported as one `unit`.
    public init(
        _ base: any Channel,
        each unit: Unit,
        timeline: Timeline,
        observer: any ClientObserver
    ) {
        self.base = base
        self.unit = unit
        self.timeline = timeline
        self.observer = observer
    }

    /// Makes the call and reports its result.
    public func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply
    {
        let start = self.timeline.now
        if case .attempt = self.unit { self.observer.attemptStarted(call.method) }
        do throws(RPCError) {
            let reply = try await self.base.unary(call, message)
            self.ended(call, .ok, since: start, sent: message.count, received: reply.message.count)
            return reply
        } catch {
            self.ended(call, error.code, since: start, sent: message.count)
            throw error
        }
    }

    /// Opens the stream and reports whether that succeeded.
    public func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        let start = self.timeline.now
        if case .attempt = self.unit { self.observer.attemptStarted(call.method) }
        do throws(RPCError) {
            let stream = try await self.base.open(call)
            self.ended(call, .ok, since: start)
            return stream
        } catch {
            self.ended(call, error.code, since: start)
            throw error
        }
    }

    private func ended(
        _ call: OutgoingCall,
        _ code: StatusCode,
        since start: Timeline.Instant,
        sent: Int = 0,
        received: Int = 0
    ) {
        let duration = start.duration(to: self.timeline.now)
        var observed = ObservedCall(method: call.method, code: code, duration: duration)
        observed.sent = sent
        observed.received = received
        switch self.unit {
        case .call: self.observer.callEnded(observed)
        case .attempt: self.observer.attemptEnded(observed)
        }
    }
}
