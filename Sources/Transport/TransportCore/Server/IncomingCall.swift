public import Identity

/// A call as its server sees it after the headers, before any message.
public struct IncomingCall: Sendable {
    /// The method: `package.Service/Method`.
    public let method: String

    /// The caller's metadata.
    public let metadata: Metadata

    /// The moment at which the caller stops waiting, on this server's timeline.
    public let deadline: Timeline.Instant?

    /// The peer's address, such as `10.0.0.7:51234`; for logs only.
    public let peer: String

    /// The authenticated caller, once a policy has set it.
    public var caller: Claims?

    /// Creates a call to `method` from `peer`.
    public init(
        method: String,
        metadata: Metadata = [:],
        deadline: Timeline.Instant? = nil,
        peer: String = "",
        caller: Claims? = nil
    ) {
        self.method = method
        self.metadata = metadata
        self.deadline = deadline
        self.peer = peer
        self.caller = caller
    }
}
