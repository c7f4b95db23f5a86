/// The state of a connection, as far as it decides which is closed to admit another.
package enum ConnectionStanding: UInt64, Hashable, Sendable {
    /// It has not brought a whole request yet.
    case unproven

    /// It was served and waits for its next request.
    case idle

    /// Its last answer is on its way.
    case closing

    /// A request is being answered: it stays.
    case busy

    /// It was asked to close.
    case leaving
}
