/// A call that did not end with OK: what every error becomes at the wire.
///
/// A server's handler throws one to choose its status; a client catches one. Codes that mean "ask again" are
/// ``StatusCode/unavailable`` and, for a method whose effect is idempotent, ``StatusCode/deadlineExceeded``.
public struct RPCError: Error, Hashable, Sendable {
    /// The longest message that a handler's error may carry to its caller, in bytes of UTF-8.
    ///
    /// It travels in a header; what is longer is cut.
    public static let messageBytesMax = 1_024

    /// Never ``StatusCode/ok``.
    public var code: StatusCode

    /// What was wrong, where, and what to do; shown to the peer.
    public var message: String

    /// The trailing metadata that came or goes with the status.
    public var trailers: Metadata

    /// True when the peer's application cannot have seen the call, so that trying again is always safe.
    public var wasNeverProcessed: Bool

    /// An error with a status; an OK would be a contradiction and becomes ``StatusCode/unknown``.
    public init(
        _ code: StatusCode,
        _ message: String,
        trailers: Metadata = [:],
        wasNeverProcessed: Bool = false
    ) {
        self.code = code == .ok ? .unknown : code
        self.message = message
        self.trailers = trailers
        self.wasNeverProcessed = wasNeverProcessed
    }

    /// The error that `error`, thrown by a handler, becomes for the peer.
    ///
    /// Anything that is not an ``RPCError`` stays private: its text may hold what a peer must not see.
    /// Nor does ``wasNeverProcessed`` pass: a handler that hands on what its own call met has run.
    package init(thrown error: any Error) {
        switch error {
        case let error as RPCError:
            self = error.trailers.firstFault() ?? error
            if self.message.utf8.count > Self.messageBytesMax {
                self.message = String(
                    decoding: self.message.utf8.prefix(Self.messageBytesMax),
                    as: UTF8.self
                )
            }
            self.wasNeverProcessed = false
        case is CancellationError: self.init(.cancelled, "the call was cancelled")
        default: self.init(.unknown, "the handler failed")
        }
    }
}

extension RPCError {
    /// This error without the word that nothing happened.
    ///
    /// Of a call that was made twice, by a retry or by a network that doubles, one may fail before
    /// it did anything while the other one acts.
    package var unvouched: RPCError {
        var error = self
        error.wasNeverProcessed = false
        switch self.code {
        case .unavailable, .resourceExhausted: error.trailers.remove(Metadata.statusDetails)
        default: break
        }
        return error
    }
}

extension RPCError: CustomStringConvertible {
    /// `NOT_FOUND: no such payment`.
    public var description: String { "\(self.code.name): \(self.message)" }
}
