internal import Listening

/// What one HTTP/1.1 connection may still say and what it is owed, one exchange at a time.
///
/// Pure: no I/O, no clock. While an exchange is ``answering`` its owner holds back what comes next,
/// so that nothing behind a request which ends the connection is ever taken for another request.
struct ConnectionState: ~Copyable {
    private enum State {
        /// Between two requests.
        case idle
        /// Bytes of a request came, its head is not complete.
        case readingHead
        /// The head was delivered. Its answer may already be under way, and is then the last.
        case readingBody(isLast: Bool, isAnswerStarted: Bool)
        /// The request is complete, its answer is not.
        case answering(isLast: Bool)
        /// The last answer is written, our side is closed, and what still comes is dropped.
        case lingering
    }

    /// What the connection waits for from its peer, each with a limit of its own.
    enum Wait: Hashable, CaseIterable {
        case firstRequest
        case nextRequest
        case head
        case body
        /// The peer takes the answer that is being written.
        case answerTaken
        case close
    }

    enum Delivery: Hashable {
        case deliver
        case drop
    }

    enum FailureAction: Hashable {
        case none
        /// Tell whoever reads the body, and let it answer.
        case raise(EdgeFailure)
        /// Write this answer, then close our side.
        case answer(EdgeFailure)
        case close
    }

    enum AnswerEndAction: Hashable {
        case readOn
        case linger
    }

    private var state = State.idle
    private var isQuiescing = false

    /// Set once a request has come whole.
    private var isProven = false

    /// Set while the answer to a whole request is being written.
    private var isAnswerUnderWay = false

    /// The one limit that runs now; none until the answer begins.
    var wait: Wait? {
        switch self.state {
        case .idle: self.isProven ? .nextRequest : .firstRequest
        case .readingHead: .head
        case .readingBody: .body
        case .answering: self.isAnswerUnderWay ? .answerTaken : nil
        case .lingering: .close
        }
    }

    /// The standing by which a full listener chooses the connection that goes.
    var standing: ConnectionStanding {
        switch self.state {
        case .readingBody(_, isAnswerStarted: true): .closing
        case .idle, .readingHead, .readingBody: self.isProven ? .idle : .unproven
        case .answering: self.isAnswerUnderWay ? .closing : .busy
        case .lingering: .closing
        }
    }

    /// Whether arrivals may be handed in; else they must be held until the answer has ended.
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

    /// Tells whether this answer must say that it is the last, as `closes` wants it to be.
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

    /// The peer will send no more.
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

    /// Another connection needs the room; tells whether this one may close.
    func evicted() -> Bool { self.standing != .busy }

    /// The server shuts down: the exchange in hand is the last; tells whether there is none.
    mutating func quiesced() -> Bool {
        self.isQuiescing = true
        if case .idle = self.state { return true } else { return false }
    }
}
