/// An event of a message on a link.
public struct LinkMessageEvent: Hashable, Sendable {
    /// The kind of an event.
    public enum Kind: String, Hashable, Sendable {
        /// It was sent and its verdict is known.
        case sent
        /// A copy has arrived.
        case delivered
        /// It will not arrive, because of its verdict or because too many messages were in transit.
        case lost
        /// A copy arrived, but no server took it.
        case refused
        /// A copy arrived too late, and was dropped.
        case late
        /// Its verdict broke the connection or failed the call.
        case reset
        /// A copy of a cancellation has ended a handler.
        case cancelled
    }

    /// The kind of the event.
    public let kind: Kind

    /// The message.
    public let linkMessage: LinkMessage

    /// True when the copy was damaged.
    public internal(set) var isMangled = false
}
