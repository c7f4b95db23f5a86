/// Something that happened to a crossing.
public struct CrossingEvent: Hashable, Sendable {
    /// What happened.
    public enum Kind: String, Hashable, Sendable {
        /// It left its host; the verdict is known.
        case sent
        /// A copy has arrived.
        case delivered
        /// It will not arrive: by its verdict, or because too much was in the air.
        case lost
        /// A copy arrived where no server is.
        case refused
        /// A copy arrived when nobody waited for it any more, and was dropped.
        case late
        /// The connection was reset, or the call failed by its verdict.
        case reset
        /// A copy of a cancellation has ended a handler.
        case cancelled
    }

    /// What happened.
    public let kind: Kind

    /// What it happened to.
    public let crossing: Crossing

    /// Whether the copy was not what was sent.
    public internal(set) var isMangled = false
}
