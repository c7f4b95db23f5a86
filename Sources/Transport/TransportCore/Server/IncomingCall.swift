public import Identity

/// A call as a server sees it when its headers have come, before any message.
public struct IncomingCall: Sendable {
    /// `package.Service/Method`.
    public let method: String

    /// What the caller sent beside the messages.
    public let metadata: Metadata

    /// When the caller stops waiting, on this server's timeline.
    public let deadline: Timeline.Instant?

    /// Where the caller is, such as `10.0.0.7:51234`; for logs only.
    public let peer: String

    /// Who calls, once a policy has found out.
    public var caller: Claims?

    /// A call to `method`, as it came from `peer`.
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
