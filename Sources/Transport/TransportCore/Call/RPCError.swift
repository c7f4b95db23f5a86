/// The status of a call that did not end with OK.
///
/// A handler throws one to choose its status; a client catches one. Retry on
/// ``StatusCode/unavailable`` and, for a method whose effect is idempotent, on
/// ``StatusCode/deadlineExceeded``.
public struct RPCError: Error, Hashable, Sendable {
    /// The longest message that a handler's error may carry to its caller, in bytes of UTF-8.
    ///
    /// The message travels in a header; a longer one is cut.
    public static let messageBytesMax = 1_024

    /// The status code; never ``StatusCode/ok``.
    public var code: StatusCode

    /// The defect, its place and the remedy; shown to the peer.
    public var message: String

    /// The trailing metadata sent or received with the status.
    public var trailers: Metadata

    /// True when the peer's application cannot have seen the call; a retry is then always safe.
    public var wasNeverProcessed: Bool

    /// Creates an error; the code OK becomes ``StatusCode/unknown``.
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

    /// Converts an error thrown by a handler to the one that the peer sees.
    ///
    /// Any type but ``RPCError`` becomes UNKNOWN, or CANCELLED for a `CancellationError`: its text
    /// may hold secrets. ``wasNeverProcessed`` is cleared: the handler itself has run, even if its
    /// own call has not. Trailers that may not be sent turn the error into INTERNAL or
    /// RESOURCE_EXHAUSTED.
    package init(thrown error: any Error) {
        switch error {
        case let error as RPCError:
            self = error.trailers.firstFault() ?? error
            self.message = Self.cut(self.message)
            self.wasNeverProcessed = false
        case is CancellationError: self.init(.cancelled, "the call was cancelled")
        default: self.init(.unknown, "the handler failed")
        }
    }

    /// Cuts `message` to ``messageBytesMax``, before the character that would be too much.
    private static func cut(_ message: String) -> String {
        guard message.utf8.count > Self.messageBytesMax else { return message }
        var end = message.utf8.index(message.startIndex, offsetBy: Self.messageBytesMax)
        while end.samePosition(in: message.unicodeScalars) == nil {
            message.utf8.formIndex(before: &end)
        }
        return String(message[..<end])
    }
}

extension RPCError {
    /// This error without its claim that nothing happened.
    ///
    /// When a call was sent twice, by a retry or a duplicating network, one copy may fail
    /// unprocessed while the other takes effect.
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
