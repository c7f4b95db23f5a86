import Waiting

/// A stream that is reopened until its server answers (gRFC A6).
///
/// Sent messages are logged and replayed until the server sends headers or the log is full; then
/// the call is committed to its current attempt. One task reads, and opens the next attempt when
/// one fails. Tasks that send wait for it meanwhile.
final class RetriedStream: RequestSink, ResponseSource {
    let channel: RetryChannel
    let state: Awaited<State>

    init(_ channel: RetryChannel, _ call: OutgoingCall, _ policy: RetryPolicy) {
        self.channel = channel
        self.state = Awaited(
            State(
                attempt: TimedCall(call, channel.timeline),
                plan: RetryPlan(policy, isIdempotent: call.isIdempotent)
            )
        )
    }

    // MARK: Responses

    func headers() async throws(RPCError) -> Metadata {
        while true {
            let stream = try self.last
            do throws(RPCError) {
                let headers = try await stream.headers()
                self.state.withLock { $0.log.commit() }
                self.tell()
                return headers
            } catch {
                try await self.tryAgain(after: error)
            }
        }
    }

    func next() async throws(RPCError) -> [UInt8]? {
        if !self.state.withLock({ $0.log.isCommitted }) { _ = try await self.headers() }
        do throws(RPCError) {
            let message = try await self.last.next()
            if message == nil { self.count { $0?.succeeded() } }
            return message
        } catch {
            throw self.ended(with: error)
        }
    }

    var trailers: Metadata {
        self.state.withLock { $0.end?.trailers ?? $0.stream?.trailers } ?? [:]
    }

    // MARK: Requests

    /// Sends a message to the current attempt.
    ///
    /// A failed attempt swallows a message that a retry would replay: the reader sees the error or
    /// opens another attempt.
    ///
    /// - Throws: the status of a committed call, or CANCELLED when the task is cancelled.
    func send(message: [UInt8]) async throws(RPCError) {
        while !Task.isCancelled {
            guard let place = try self.place(message) else {
                await self.awaitAttempt()
                continue
            }
            do throws(RPCError) {
                return try await place.stream.send(message)
            } catch {
                guard !Task.isCancelled, self.isRepeated(place) else { throw self.told(error) }
                return
            }
        }
        throw .senderCancelled
    }

    func finishSending() {
        let stream = self.state.withLock { state in
            state.log.isFinished = true
            return state.isBetweenAttempts ? nil : state.stream
        }
        stream?.finishSending()
    }

    func cancel() {
        let (stream, retrying) = self.state.withLock { state in
            state.isCancelled = true
            return (state.stream, state.retrying)
        }
        retrying?.cancel()
        stream?.cancel()
        self.tell()
    }
}

extension RetriedStream {
    struct State {
        var attempt: TimedCall
        var plan: RetryPlan
        var certainty = Certainty()
        /// The last attempt, and its number from 1.
        var stream: ClientStream?
        var number = 0
        var log = RequestLog()
        var isCancelled = false
        /// The task that opens the next attempt.
        var retrying: Task<Result<Void, RPCError>, Never>?
        /// True while there is no attempt to send to; senders wait.
        var isBetweenAttempts = true
        /// The final error, once no attempt follows.
        var end: RPCError?
        var isCounted = false
        /// True when the attempts have been reported to the observer.
        var isTold = false
    }

    /// The destination of a message.
    fileprivate struct Place {
        let stream: ClientStream
        let attempt: Int
        let isKept: Bool
    }

    /// The current or last attempt.
    private var last: ClientStream {
        get throws(RPCError) {
            let (end, stream) = self.state.withLock { ($0.end, $0.stream) }
            if let end { throw end }
            guard let stream else { throw .cancelledBetweenAttempts }
            return stream
        }
    }

    /// Logs `message` if possible and returns its destination; nil while there is no attempt.
    private func place(_ message: [UInt8]) throws(RPCError) -> Place? {
        let result = self.state.withLock { state -> Result<Place?, RPCError> in
            if let end = state.end { return .failure(end) }
            guard !state.isBetweenAttempts, let stream = state.stream else { return .success(nil) }
            let isKept = state.log.append(message)
            return .success(Place(stream: stream, attempt: state.number, isKept: isKept))
        }
        return try result.get()
    }

    /// True when a later attempt has replayed the message of `place`, or will if there is one.
    private func isRepeated(_ place: Place) -> Bool {
        self.state.withLock { state in
            place.isKept && (!state.log.isCommitted || state.number != place.attempt)
        }
    }

    private func awaitAttempt() async { await self.state.wait { !$0.isBetweenAttempts } }
}

extension RPCError {
    fileprivate static let senderCancelled = RPCError(.cancelled, "the sending task was cancelled")
}
