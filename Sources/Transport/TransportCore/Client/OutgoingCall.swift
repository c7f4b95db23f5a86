/// A call as a client makes it, before any message.
public struct OutgoingCall: Sendable {
    /// `package.Service/Method`.
    public var method: String

    /// What goes beside the messages.
    public var metadata: Metadata

    /// How long the caller waits, from now to the status; nil waits for ever.
    public var timeout: Duration?

    /// Whether to wait for a connection instead of failing with UNAVAILABLE when there is none.
    public var waitForReady: Bool

    /// Whether the call may be made again although it may have had its effect: it would not have it
    /// twice.
    public var isIdempotent: Bool

    /// Whether its messages may be compressed, both ways, where the transport finds that it pays.
    public var mayCompress = false

    /// A call to `package.Service/Method`.
    public init(
        method: String,
        metadata: Metadata = [:],
        timeout: Duration? = nil,
        waitForReady: Bool = false,
        isIdempotent: Bool = false
    ) {
        self.method = method
        self.metadata = metadata
        self.timeout = timeout
        self.waitForReady = waitForReady
        self.isIdempotent = isIdempotent
    }
}

/// What a caller chooses for one call.
public struct CallOptions: Sendable {
    /// What goes beside the messages.
    public var metadata: Metadata
    /// How long to wait, from now to the status; nil waits for ever.
    public var timeout: Duration?
    /// Whether to wait for a connection instead of failing with UNAVAILABLE when there is none.
    public var waitForReady: Bool
    /// Whether the call may be made again although it may have had its effect.
    public var isIdempotent: Bool

    /// Options; by default no metadata, no timeout, fail fast, not idempotent.
    public init(
        metadata: Metadata = [:],
        timeout: Duration? = nil,
        waitForReady: Bool = false,
        isIdempotent: Bool = false
    ) {
        self.metadata = metadata
        self.timeout = timeout
        self.waitForReady = waitForReady
        self.isIdempotent = isIdempotent
    }
}
