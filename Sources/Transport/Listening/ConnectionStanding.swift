/// The state of a connection, as far as eviction depends on it.
package enum ConnectionStanding: UInt64, Hashable, Sendable {
    /// It has not sent a whole request yet.
    case unproven

    /// It was served and waits for its next request.
    case idle

    /// Its last response is on its way.
    case closing

    /// It is answering a request and is never evicted.
    case busy

    /// It was asked to close.
    case leaving
}
