import Synchronization
import TransportCore

/// Takes the responses of a handler that streams, for a caller that wants exactly one.
final class SingleResponse: ResponseSink {
    private let state = Mutex(State())
    private let onSecond: @Sendable () -> Void

    private struct State {
        var headers: Metadata?
        var message: [UInt8]?
    }

    /// Calls `onSecond` for every message after the first.
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

    /// The reply, once the handler has ended with OK.
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
