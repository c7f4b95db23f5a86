internal import Listening

/// The state machine of an HTTP/1.1 connection, one exchange at a time.
///
/// Pure: no I/O, no clock. The owner holds back arrivals while an exchange is ``answering``, so
/// that bytes behind a connection's last request are never parsed as another request.
struct ConnectionState: ~Copyable {
    private enum State {
        /// No request has begun.
        case idle
        /// Bytes of a request have arrived, but not its complete head.
        case readingHead
        /// The head was delivered. If its answer has started, it is the last.
        case readingBody(isLast: Bool, isAnswerStarted: Bool)
        /// The request is complete, its answer is not.
        case answering(isLast: Bool)
        /// The last answer is written and the output closed; input is dropped.
        case lingering
    }

    /// The events that a connection waits for, each with its own timeout.
    enum Wait: Hashable, CaseIterable {
        case firstRequest
        case nextRequest
        case head
        case body
        /// The peer reads the answer that is being written.
        case answerTaken
        case close
    }

    enum Delivery: Hashable {
        case deliver
        case drop
    }

    enum FailureAction: Hashable {
        case none
        /// Raise the error to the body's reader, which answers.
        case raise(EdgeFailure)
        /// Write this answer, then close the output.
        case answer(EdgeFailure)
        case close
    }

    enum AnswerEndAction: Hashable {
        case readOn
        case linger
    }

    private var state = State.idle
    private var isQuiescing = false

    /// True once a complete request has arrived.
    private var isProven = false

    /// True while the answer to a complete request is being written.
    private var isAnswerUnderWay = false

    /// The wait whose timeout runs now; nil while the handler works on its answer.
    var wait: Wait? {
        switch self.state {
        case .idle: self.isProven ? .nextRequest : .firstRequest
        case .readingHead: .head
        case .readingBody: .body
        case .answering: self.isAnswerUnderWay ? .answerTaken : nil
        case .lingering: .close
        }
    }

    /// The rank of this connection when a full listener must close one.
    var standing: ConnectionStanding {
        switch self.state {
        case .readingBody(_, isAnswerStarted: true): .closing
        case .idle, .readingHead, .readingBody: self.isProven ? .idle : .unproven
        case .answering: self.isAnswerUnderWay ? .closing : .busy
        case .lingering: .closing
        }
    }

    /// True if arrivals may be processed; otherwise the owner must hold them until the answer ends.
    var acceptsArrivals: Bool {
        if case .answering = self.state { false } else { true }
    }

    var isLingering: Bool {
        if case .lingering = self.state { true } else { false }
    }

    mutating func bytesArrived() {
        guard case .idle = self.state else { return }
        self.state = .readingHead
    }

    mutating func headReceived(isLast: Bool) -> Delivery {
        switch self.state {
        case .idle, .readingHead:
            self.state = .readingBody(isLast: isLast || self.isQuiescing, isAnswerStarted: false)
            return .deliver
        case .readingBody, .answering, .lingering:
            return .drop
        }
    }

    func bodyReceived() -> Delivery {
        if case .readingBody = self.state { .deliver } else { .drop }
    }

    mutating func endReceived() -> Delivery {
        switch self.state {
        case .readingBody(let isLast, let isAnswerStarted):
            self.state = .answering(isLast: isLast || isAnswerStarted)
            self.isProven = true
            self.isAnswerUnderWay = isAnswerStarted
            return .deliver
        case .idle, .readingHead, .answering, .lingering:
            return .drop
        }
    }

    /// Marks the start of an answer.
    ///
    /// - Returns: True if the answer must announce that the connection closes.
    mutating func answerStarted(closes: Bool) -> Bool {
        switch self.state {
        case .readingBody:
            self.state = .readingBody(isLast: true, isAnswerStarted: true)
            return true
        case .answering(let isLast):
            let isLast = isLast || closes || self.isQuiescing
            self.state = .answering(isLast: isLast)
            self.isAnswerUnderWay = true
            return isLast
        case .idle, .readingHead, .lingering:
            return true
        }
    }

    mutating func answerEnded() -> AnswerEndAction {
        self.isAnswerUnderWay = false
        switch self.state {
        case .answering(isLast: false) where !self.isQuiescing:
            self.state = .idle
            return .readOn
        case .answering, .readingBody:
            self.state = .lingering
            return .linger
        case .idle, .readingHead, .lingering:
            return .readOn
        }
    }

    mutating func requestFailed(_ failure: EdgeFailure) -> FailureAction {
        switch self.state {
        case .idle, .readingHead:
            self.state = .lingering
            return .answer(failure)
        case .readingBody:
            self.state = .answering(isLast: true)
            return .raise(failure)
        case .answering, .lingering:
            return .none
        }
    }

    /// The peer has closed its output.
    mutating func inputClosed() -> FailureAction {
        switch self.state {
        case .idle, .readingHead: .close
        case .readingBody: self.requestFailed(.truncated)
        case .answering, .lingering: .none
        }
    }

    mutating func waitEnded(_ wait: Wait) -> FailureAction {
        switch wait {
        case .firstRequest, .nextRequest, .answerTaken, .close: .close
        case .head: self.requestFailed(.headTimedOut)
        case .body: self.requestFailed(.bodyTimedOut)
        }
    }

    /// True if this connection may close to make room for another.
    func evicted() -> Bool { self.standing != .busy }

    /// Makes the current exchange the last for a shutdown; returns true if there is none.
    mutating func quiesced() -> Bool {
        self.isQuiescing = true
        if case .idle = self.state { return true } else { return false }
    }
}
