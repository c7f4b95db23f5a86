import Synchronization

/// A stream that is opened again while nothing has come of it (gRFC A6).
///
/// What was sent is kept and sent again, until the server has answered with headers or more was
/// sent than is kept; from then on the attempt that runs is the call. One task reads, and makes the
/// next attempt; one that sends meanwhile waits for it.
final class RetriedStream: RequestSink, ResponseSource {
    let channel: RetryChannel
    let state: Mutex<State>

    init(_ channel: RetryChannel, _ call: OutgoingCall, _ policy: RetryPolicy) {
        self.channel = channel
        self.state = Mutex(
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

    /// Sends a message to the attempt that runs.
    ///
    /// One that has failed takes what it is given: whoever reads sees why, or makes another.
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
            return state.waiting == nil ? state.stream : nil
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
        /// The last attempt, and how many came before it.
        var stream: ClientStream?
        var number = 0
        var log = RequestLog()
        var isCancelled = false
        /// What makes the next attempt.
        var retrying: Task<Result<Void, RPCError>, Never>?
        /// Those who send while there is no attempt to send to; nil while there is one.
        var waiting: [Waiter]? = []
        var waiters = 0
        /// What ended the call, once no attempt follows.
        var end: RPCError?
        var isCounted = false
        /// Whether the observer knows what the attempts came to.
        var isTold = false
    }

    struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    /// Where a message was sent, and whether another attempt would send it again.
    fileprivate struct Place {
        let stream: ClientStream
        let attempt: Int
        let isKept: Bool
    }

    /// The attempt that runs, or ran last.
    private var last: ClientStream {
        get throws(RPCError) {
            let (end, stream) = self.state.withLock { ($0.end, $0.stream) }
            if let end { throw end }
            guard let stream else { throw .cancelledBetweenAttempts }
            return stream
        }
    }

    /// Keeps `message`, if it is still to be kept; nil while there is no attempt.
    private func place(_ message: [UInt8]) throws(RPCError) -> Place? {
        let result = self.state.withLock { state -> Result<Place?, RPCError> in
            if let end = state.end { return .failure(end) }
            guard state.waiting == nil, let stream = state.stream else { return .success(nil) }
            let isKept = state.log.append(message)
            return .success(Place(stream: stream, attempt: state.number, isKept: isKept))
        }
        return try result.get()
    }

    /// Whether another attempt has sent what was to go to `place`, or will if there is one.
    private func isRepeated(_ place: Place) -> Bool {
        self.state.withLock { state in
            place.isKept && (!state.log.isCommitted || state.number != place.attempt)
        }
    }

    private func awaitAttempt() async {
        let number = self.state.withLock { state in
            state.waiters += 1
            return state.waiters
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = self.state.withLock { state in
                    guard !Task.isCancelled, state.waiting != nil else { return false }
                    state.waiting?.append(Waiter(number: number, continuation: continuation))
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            let waiter = self.state.withLock { state -> Waiter? in
                let place = state.waiting?.firstIndex { $0.number == number }
                return place.flatMap { state.waiting?.remove(at: $0) }
            }
            waiter?.continuation.resume()
        }
    }
}

extension RPCError {
    fileprivate static let senderCancelled = RPCError(.cancelled, "the sending task was cancelled")
}
