import NIOCore
import TransportCore

/// A call of a client, from its start until its caller has the answer.
///
/// Confined to the event loop of its ``EventLoopChannel``.
final class ClientCall {
    /// The recipient of the answer.
    enum Answer {
        case unary(request: [UInt8], CheckedContinuation<Result<UnaryReply, RPCError>, Never>)
        case stream(ResponseStream)

        var isUnary: Bool { if case .unary = self { true } else { false } }
    }

    let call: OutgoingCall
    private(set) var body = OutboundBody()
    private let answer: Answer
    private let limits: TransportLimits
    private var reader: ResponseReader
    private var reply = UnaryReply([])
    private var hasMessage = false

    /// The address to which the call was sent, and the time of that.
    struct Placement {
        weak var loopChannel: EventLoopChannel?
        let key: ObjectIdentifier
        let start: Timeline.Instant
    }

    var placement: Placement?

    /// The connection that carries the call, once it is sent.
    private(set) weak var connection: ClientConnection?
    private(set) var stream: Int32?
    private var startedAt = Timeline.Instant(nanoseconds: 0)

    /// The error that ended the call; nil for OK.
    private(set) var end: RPCError?
    private(set) var isOver = false
    private var writers: [CheckedContinuation<Void, Never>] = []
    private var deadline: NIODeadline?
    private var deadlineTimer: Scheduled<Void>?
    private var hasRetried = false
    /// True when messages may be compressed as they are written.
    private var compresses = false
    private var hasCompressed = false
    private var credit = ReceiveCredit()

    init(_ call: OutgoingCall, _ answer: Answer, _ limits: TransportLimits) {
        self.call = call
        self.answer = answer
        self.limits = limits
        self.reader = ResponseReader(limits, isUnary: answer.isUnary)
    }

    /// Starts the timer that ends the call with DEADLINE_EXCEEDED.
    func startDeadline(on loop: any EventLoop) {
        guard let timeout = self.call.timeout else { return }
        let deadline = NIODeadline.now() + TimeAmount(clamping: timeout)
        self.deadline = deadline
        self.deadlineTimer = loop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.abort(.deadlineExceeded)
        }
    }

    /// True when half of the call's time has passed.
    func isLate(at now: NIODeadline) -> Bool {
        guard let deadline = self.deadline, let timeout = self.call.timeout else { return false }
        return deadline - now < TimeAmount(clamping: timeout / 2)
    }

    /// The remaining time, for the server; the wait for a connection is already subtracted.
    var timeLeft: Duration? {
        self.deadline.map { .nanoseconds(max(1, ($0 - .now()).nanoseconds)) }
    }

    /// Prepares the request, compressed by `connection` if there is one.
    ///
    /// - Returns: the encoding of messages that have the compressed flag.
    func prepare(_ connection: ClientConnection?) -> MessageEncoding {
        guard case .unary(let request, _) = self.answer else {
            self.compresses = connection != nil
            return connection == nil && !self.hasCompressed ? .identity : .gzip
        }
        let compressed = connection?.compress(request, of: self.call.method)
        self.body = OutboundBody()
        self.body.append(message: request, compressed: compressed)
        self.body.end(.endStream)
        return compressed == nil ? .identity : .gzip
    }

    /// Records that the call was sent on `connection` as `stream`.
    func started(on connection: ClientConnection, as stream: Int32, at now: Timeline.Instant) {
        self.connection = connection
        self.stream = stream
        self.startedAt = now
    }

    // MARK: From the connection

    /// True once the service has answered; what a server says of its health is no such answer.
    var isAnswered: Bool { self.reader.isAnswered && self.call.method != HealthWatching.method }

    func receive(_ fields: FieldBytes?, endStream: Bool) {
        let action = self.reader.receive(fields, endStream: endStream)
        if let accepts = self.reader.serverAcceptsGzip {
            self.connection?.server(acceptsGzip: accepts)
        }
        self.act(action)
    }

    /// Handles DATA; returns the credit to give now.
    func receive(_ bytes: ArraySlice<UInt8>) -> Int {
        var rest = bytes
        var queued = 0
        do throws(RPCError) {
            while !self.isOver, let message = try self.reader.next(&rest) {
                queued += self.accept(message)
                let limit = self.limits.messageBytesMax
                if self.credit.isTooMuch(queued, messageBytesMax: limit) { throw .tooMuchUnread }
            }
        } catch {
            self.abort(error)
        }
        return self.credit.received(bytes.count, queued: queued)
    }

    /// Handles the end of the stream; true when the call may be sent again.
    func closed(code: UInt32) -> Bool {
        if !self.isOver, code == HTTP2ErrorCode.refusedStream.rawValue, self.rewind() {
            return true
        }
        self.act(self.reader.closed(code: code))
        return false
    }

    /// Handles the loss of the connection, or its refusal to process this call; true when the call
    /// may be sent again.
    func lost(_ error: RPCError) -> Bool {
        if !self.isOver, error.wasNeverProcessed, self.rewind() { return true }
        self.finish(.failure(error))
        return false
    }

    func hasRoom() { self.releaseWriters() }

    // MARK: From the caller

    /// Ends the call and resets its stream.
    func abort(_ error: RPCError) {
        guard !self.isOver else { return }
        self.finish(.failure(error))
        guard let stream = self.stream, let connection = self.connection else { return }
        connection.reset(stream)
        if self.isGivenUp(error) { connection.callGivenUp(sentAt: self.startedAt) }
    }

    /// Queues a message.
    ///
    /// - Returns: true when the next may follow at once, false when the writer must wait for room,
    ///   nil when the call has ended.
    func write(_ message: [UInt8]) -> Bool? {
        guard !self.isOver else { return nil }
        let compressed =
            self.compresses ? self.connection?.compress(message, of: self.call.method) : nil
        if compressed != nil { self.hasCompressed = true }
        self.body.append(message: message, compressed: compressed)
        self.bodyChanged()
        return self.body.count <= OutboundBody.highWater
    }

    func finishSending() {
        self.body.end(.endStream)
        self.bodyChanged()
    }

    /// Resumes `writer` when the body has room or the call has ended.
    func waitForRoom(_ writer: CheckedContinuation<Void, Never>) {
        guard !self.isOver, self.body.count > OutboundBody.highWater else { return writer.resume() }
        self.body.hasWaitingWriter = true
        self.writers.append(writer)
    }

    /// Records that the caller read a message of `count` bytes.
    func taken(_ count: Int) {
        let credit = self.credit.taken(count)
        if credit > 0, let stream = self.stream { self.connection?.giveBack(credit, to: stream) }
    }

    /// The error for a writer after the end of the call; an early OK stops it too.
    var writerError: RPCError { self.end ?? RPCError(.cancelled, "the server has ended the call") }

    // MARK: Private

    /// True when the call ends because its server was too slow, by the deadline or for a patient
    /// caller.
    private func isGivenUp(_ error: RPCError) -> Bool {
        switch error.code {
        case .deadlineExceeded: true
        case .cancelled:
            self.startedAt.duration(to: EventLoopChannel.instant) >= PingWatch.probeTimeout
        default: false
        }
    }

    private func bodyChanged() {
        if let stream = self.stream { self.connection?.bodyChanged(stream, self.body) }
    }

    /// Undoes an attempt that the server never processed, so that the call can be sent again.
    ///
    /// - Returns: false after the first time, and for a stream whose messages have been sent.
    private func rewind() -> Bool {
        guard !self.hasRetried else { return false }
        self.hasRetried = true
        switch self.answer {
        case .unary: break
        case .stream:
            guard !self.body.wasRead else { return false }
            self.body.isDeferred = false
        }
        self.reader = ResponseReader(self.limits, isUnary: self.answer.isUnary)
        self.leavePlace(.unavailable)
        self.connection = nil
        self.stream = nil
        return true
    }

    /// Keeps a message; returns the weight that now waits for the caller.
    private func accept(_ message: [UInt8]) -> Int {
        switch self.answer {
        case .stream(let responses):
            responses.receive(message: message)
            return ReceiveCredit.weight(of: message.count)
        case .unary:
            self.hasMessage = true
            self.reply.message = message
            return 0
        }
    }

    private func act(_ action: ResponseReader.Action) {
        switch action {
        case .none: break
        case .headers(let metadata):
            self.reply.headers = metadata
            if case .stream(let responses) = self.answer { responses.receive(headers: metadata) }
        case .end(let result): self.finish(result)
        }
    }

    private func finish(_ result: Result<Metadata, RPCError>) {
        guard !self.isOver else { return }
        self.isOver = true
        self.deadlineTimer?.cancel()
        if case .failure(let error) = result { self.end = error }
        self.leavePlace(self.end?.code)
        self.answerCaller(result)
        self.releaseWriters()
    }

    /// Reports the result of the call at its address to the event-loop channel.
    private func leavePlace(_ code: StatusCode?) {
        guard let placement = self.placement else { return }
        self.placement = nil
        placement.loopChannel?.ended(placement, code)
    }

    private func answerCaller(_ result: Result<Metadata, RPCError>) {
        switch (self.answer, result) {
        case (.stream(let responses), .success(let trailers)): responses.finish(trailers: trailers)
        case (.stream(let responses), .failure(let error)): responses.fail(error)
        case (.unary(_, let caller), .failure(let error)): caller.resume(returning: .failure(error))
        case (.unary(_, let caller), .success(let trailers)):
            self.reply.trailers = trailers
            caller.resume(
                returning: self.hasMessage ? .success(self.reply) : .failure(.noResponse)
            )
        }
    }

    private func releaseWriters() {
        self.body.hasWaitingWriter = false
        for writer in self.writers { writer.resume() }
        self.writers.removeAll()
    }
}
