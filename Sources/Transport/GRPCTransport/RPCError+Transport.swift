import TransportCore

/// Errors of the transport itself, for callers and handlers.
extension RPCError {
    static let callerGone = RPCError(.cancelled, "the caller cancelled the call or disconnected")
    static let clientCancelled = RPCError(.cancelled, "the call was cancelled")
    static let deadlineExceeded = RPCError(.deadlineExceeded, "the deadline has passed")
    static let headersTooLarge = RPCError(.resourceExhausted, "the metadata is over the limit")
    static let truncatedMessage = RPCError(
        .internalError,
        "the stream ended in the middle of a message"
    )
    static let tooMuchUnread = RPCError(
        .resourceExhausted,
        "too much compressed data arrived before it was read"
    )
    static let noResponse = RPCError(
        .internalError,
        "the server ended a unary call with OK and no message"
    )
    static let secondResponse = RPCError(
        .internalError,
        "the server sent a second message to a unary call"
    )

    /// The server never saw the call, so a retry is safe.
    static let notSent = RPCError(
        .unavailable,
        "the server is going away",
        wasNeverProcessed: true
    )
    static let cancelledUnsent = RPCError(
        .cancelled,
        "the call was cancelled",
        wasNeverProcessed: true
    )
    static let shutDown = RPCError(
        .unavailable,
        "the channel is shut down",
        wasNeverProcessed: true
    )
    static let tooManyWaiting = RPCError(
        .resourceExhausted,
        "too many calls wait for a connection",
        wasNeverProcessed: true
    )
    static let noAddress = RPCError(
        .unavailable,
        "the name has no address",
        wasNeverProcessed: true
    )
}
