import Synchronization
import TransportCore

/// Collects the responses of a streaming handler for a caller that wants exactly one.
final class SingleResponse: ResponseSink {
    private let state = Mutex(State())
    private let onSecond: @Sendable () -> Void

    private struct State {
        var headers: Metadata?
        var message: [UInt8]?
    }

    /// Creates a sink that calls `onSecond` for each message after the first.
    init(onSecond: @escaping @Sendable () -> Void) { self.onSecond = onSecond }

    func send(headers: Metadata) async throws(RPCError) {
        self.state.withLock { $0.headers = $0.headers ?? headers }
    }

    func send(message: [UInt8]) async throws(RPCError) {
        let isFirst = self.state.withLock { state in
            guard state.message == nil else { return false }
            state.headers = state.headers ?? [:]
            state.message = message
            return true
        }
        if isFirst { return }
        self.onSecond()
        throw .callEnded
    }

    /// Returns the reply after the handler has ended with OK.
    ///
    /// - Throws: INTERNAL when the handler sent no message.
    func reply(trailers: Metadata) throws(RPCError) -> UnaryReply {
        try self.state.withLock { state throws(RPCError) in
            guard let message = state.message else { throw .noResponse }
            return UnaryReply(message, headers: state.headers ?? [:], trailers: trailers)
        }
    }
}

extension RPCError {
    fileprivate static let noResponse = RPCError(
        .internalError,
        "the call needs one response and got none"
    )

    static let secondResponse = RPCError(
        .internalError,
        "the call takes one response and got a second"
    )
}
