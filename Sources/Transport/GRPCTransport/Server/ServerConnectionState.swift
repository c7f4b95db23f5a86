import Listening

/// The life of a server's connection, without its socket, streams and timers.
///
/// Each input returns the action that the connection performs.
struct ServerConnectionState {
    private enum Phase {
        case serving
        /// The first GOAWAY was sent; streams that cross it are served.
        case noticed
        /// The second GOAWAY was sent; streams that cross it are refused.
        case announced
        /// The socket is closed; the connection finishes with its last handler.
        case closed
        case finished
    }

    enum Action: Equatable {
        case none
        /// Send the first GOAWAY and a ping, and wait so long for its answer.
        case sendNotice(wait: Duration)
        /// Wait so long from now for the answer to the ping.
        case renewWait(Duration)
        /// Send the second GOAWAY.
        case sendGoAway
        /// Report that no handler runs any more.
        case finish
    }

    private var phase = Phase.serving
    private(set) var runningHandlers = 0

    /// The eviction standing: unproven until the first stream, then busy or idle.
    private(set) var standing = ConnectionStanding.unproven

    // MARK: Draining

    /// The server drains, or the connection has grown old.
    mutating func drain(wait: Duration) -> Action {
        switch self.phase {
        case .serving:
            self.phase = .noticed
            return .sendNotice(wait: wait)
        case .noticed: return .renewWait(wait)
        case .announced, .closed, .finished: return .none
        }
    }

    /// The client answered a ping, or the wait for that is over.
    mutating func noticeEnded() -> Action {
        guard case .noticed = self.phase else { return .none }
        self.phase = .announced
        return .sendGoAway
    }

    // MARK: Streams and handlers

    mutating func streamsChanged(isBusy: Bool) {
        if isBusy { self.standing = .busy } else if self.standing == .busy { self.standing = .idle }
    }

    mutating func handlerStarted() { self.runningHandlers += 1 }

    mutating func handlerEnded() -> Action {
        self.runningHandlers -= 1
        return self.finishIfIdle()
    }

    // MARK: The socket

    /// The socket is closed, or there was never any.
    mutating func socketClosed() -> Action {
        switch self.phase {
        case .serving, .noticed, .announced: self.phase = .closed
        case .closed, .finished: return .none
        }
        return self.finishIfIdle()
    }

    private mutating func finishIfIdle() -> Action {
        guard case .closed = self.phase, self.runningHandlers == 0 else { return .none }
        self.phase = .finished
        return .finish
    }
}
