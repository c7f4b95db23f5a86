import Synchronization

/// A stream that is opened again while nothing has come of it (gRFC A6).
///
/// What was sent is kept and sent again, until the server has answered with headers or more was
/// sent than is kept; from then on the attempt that runs is the call. The task that reads makes the
/// next attempt; one that sends meanwhile waits for it.
final class RetriedStream: RequestSink, ResponseSource {
    private let channel: RetryChannel
    private let state: Mutex<State>

    private struct State {
        var attempt: TimedCall
        var plan: RetryPlan
        var isUncertain = false
        /// The last attempt.
        var stream: ClientStream?
        var log = RequestLog()
        var isCancelled = false
        /// Those who send while there is no attempt to send to.
        var waiting: [CheckedContinuation<Void, Never>]? = []
    }

    init(_ channel: RetryChannel, _ call: OutgoingCall, _ policy: RetryPolicy) {
        self.channel = channel
        self.state = Mutex(
            State(
                attempt: TimedCall(call, channel.timeline),
                plan: RetryPlan(policy, isIdempotent: call.isIdempotent)
            )
        )
    }

    /// Makes the first attempt that can be opened.
    func begin() async throws(RPCError) { try await self.open() }

    // MARK: Responses

    func headers() async throws(RPCError) -> Metadata {
        while true {
            do throws(RPCError) {
                let headers = try await self.last.headers()
                self.state.withLock { $0.log.commit() }
                return headers
            } catch {
                if self.isCommitted { throw error }
                try await self.prepare(after: error)
                try await self.open()
            }
        }
    }

    func next() async throws(RPCError) -> [UInt8]? {
        if !self.isCommitted { _ = try await self.headers() }
        let message = try await self.last.next()
        if message == nil { self.channel.throttle.withLock { $0?.succeeded() } }
        return message
    }

    var trailers: Metadata { self.state.withLock { $0.stream?.trailers } ?? [:] }

    // MARK: Requests

    /// Sends a message to the attempt that runs.
    ///
    /// One that has failed takes what it is given: whoever reads sees why, or makes another.
    func send(message: [UInt8]) async throws(RPCError) {
        while true {
            let place = self.state.withLock { state -> (ClientStream, isKept: Bool)? in
                guard state.waiting == nil, let stream = state.stream else { return nil }
                return (stream, state.log.append(message))
            }
            guard let (stream, isKept) = place else {
                await self.awaitAttempt()
                continue
            }
            do throws(RPCError) { return try await stream.send(message) } catch {
                guard isKept, !self.isCommitted else { throw error }
                return
            }
        }
    }

    func finishSending() {
        let stream = self.state.withLock { state in
            state.log.isFinished = true
            return state.waiting == nil ? state.stream : nil
        }
        stream?.finishSending()
    }

    func cancel() {
        let stream = self.state.withLock { state in
            state.isCancelled = true
            return state.stream
        }
        stream?.cancel()
    }

    // MARK: Attempts

    private var isCancelled: Bool { self.state.withLock { $0.isCancelled } }

    private var isCommitted: Bool { self.state.withLock { $0.log.isCommitted } }

    /// The attempt that runs, or ran last.
    private var last: ClientStream {
        get throws(RPCError) {
            guard let stream = self.state.withLock({ $0.stream }) else {
                throw .cancelledBetweenAttempts
            }
            return stream
        }
    }

    /// Opens attempts until one is open, and sends it what was sent to those before.
    private func open() async throws(RPCError) {
        while true {
            let call = self.state.withLock { $0.attempt.call }
            do throws(RPCError) {
                return await self.repeatRequests(to: try await self.channel.base.open(call))
            } catch {
                try await self.prepare(after: error)
            }
        }
    }

    /// Waits until there may be another attempt.
    ///
    /// - Throws: what ends the call, when there is none.
    private func prepare(after error: RPCError) async throws(RPCError) {
        do throws(RPCError) {
            try await self.wait(after: self.failed(with: error))
        } catch {
            let waiting = self.state.withLock { state in
                state.log.commit()
                return state.waiting.take() ?? []
            }
            for waiter in waiting { waiter.resume() }
            throw error
        }
    }

    /// Lets nobody send to the attempt that ended with `error`; returns what is known of the call.
    private func failed(with error: RPCError) -> RPCError {
        self.state.withLock { state in
            state.waiting = state.waiting ?? []
            defer { state.isUncertain = state.isUncertain || !error.isVouchedFor }
            return state.isUncertain ? error.unvouched : error
        }
    }

    private func wait(after error: RPCError) async throws(RPCError) {
        var (plan, attempt) = self.state.withLock { ($0.plan, $0.attempt) }
        if self.isCancelled { throw error }
        try await self.channel.wait(after: error, &plan, attempt)
        try attempt.next(after: plan.attempts, self.channel.timeline)
        if self.isCancelled { throw .cancelledBetweenAttempts }
        self.state.withLock { ($0.plan, $0.attempt) = (plan, attempt) }
    }

    /// What the new attempt does not take any more it will say when it is read.
    private func repeatRequests(to stream: ClientStream) async {
        for message in self.state.withLock({ $0.log.messages }) {
            do { try await stream.send(message) } catch { break }
        }
        let (waiting, isFinished) = self.state.withLock { state in
            state.stream = stream
            return (state.waiting.take() ?? [], state.log.isFinished)
        }
        for waiter in waiting { waiter.resume() }
        if isFinished { stream.finishSending() }
        if self.isCancelled { stream.cancel() }
    }

    private func awaitAttempt() async {
        await withCheckedContinuation { waiter in
            let isOpen = self.state.withLock { state in
                state.waiting?.append(waiter)
                return state.waiting == nil
            }
            if isOpen { waiter.resume() }
        }
    }
}
