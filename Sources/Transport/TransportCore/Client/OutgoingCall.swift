/// A call as its client makes it, without messages.
public struct OutgoingCall: Sendable {
    /// The method: `package.Service/Method`.
    public var method: String

    /// The metadata sent with the call.
    public var metadata: Metadata

    /// The time from now to the status; nil waits for ever.
    public var timeout: Duration?

    /// True to wait for a connection instead of failing with UNAVAILABLE.
    public var waitForReady: Bool

    /// True when the call may be retried although it may have taken effect: it takes effect only
    /// once.
    public var isIdempotent: Bool

    /// True when messages may be compressed, both ways, where the transport finds that it pays.
    public var mayCompress = false

    /// Creates a call to `package.Service/Method`.
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

/// The caller's options for one call.
public struct CallOptions: Sendable {
    /// The metadata sent with the call.
    public var metadata: Metadata
    /// The time from now to the status; nil waits for ever.
    public var timeout: Duration?
    /// True to wait for a connection instead of failing with UNAVAILABLE.
    public var waitForReady: Bool
    /// True when the call may be retried although it may have taken effect.
    public var isIdempotent: Bool

    /// Creates options; by default no metadata, no timeout, fail fast, not idempotent.
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
