/// Receives the events of a client's calls from ``MeteredChannel`` and ``RetryChannel``.
///
/// Called from any task; implementations must neither wait nor block.
public protocol ClientObserver: Sendable {
    /// An attempt of a call starts.
    func attemptStarted(_ method: String)

    /// An attempt has ended.
    ///
    /// For a stream: it was opened, or could not be; sizes are 0.
    func attemptEnded(_ attempt: ObservedCall)

    /// A call has ended, after all its attempts.
    ///
    /// For a stream: it was opened, or could not be; sizes are 0.
    func callEnded(_ call: ObservedCall)

    /// Another attempt of a call starts, after a wait.
    func retried(_ method: String, after wait: Duration)

    /// A call that took more than one attempt needs no further one.
    func repeated(_ method: String, _ repeats: Repeats)

    /// A retryable call was given up.
    func gaveUp(_ method: String)
}

extension ClientObserver {
    /// Does nothing: each attempt was reported.
    public func repeated(_ method: String, _ repeats: Repeats) {}

    /// Does nothing: the end of the call was reported.
    public func gaveUp(_ method: String) {}
}

/// The result of a call, or of one attempt.
public struct ObservedCall: Sendable {
    /// The method: `package.Service/Method`.
    public var method: String
    /// The status code.
    public var code: StatusCode
    /// The time from start to status.
    public var duration: Duration
    /// The size of the requests, in bytes.
    public var sent = 0
    /// The size of the responses, in bytes.
    public var received = 0

    /// Creates the record of a call that ended, with sizes of 0.
    public init(method: String, code: StatusCode, duration: Duration) {
        self.method = method
        self.code = code
        self.duration = duration
    }
}

/// The attempts of a call beyond its first.
public struct Repeats: Hashable, Sendable {
    /// Attempts made because earlier ones had failed.
    public var retries = 0
    /// Further attempts of a hedged call.
    public var hedges = 0
    /// The total time without an attempt under way.
    public var delay = Duration.zero

    /// Creates the record of a call with one attempt.
    public init() {}
}

/// An observer that ignores every event.
public struct NoObserver: ClientObserver, ServerObserver {
    /// Creates the observer.
    public init() {}
    /// Does nothing.
    public func attemptStarted(_ method: String) {}
    /// Does nothing.
    public func attemptEnded(_ attempt: ObservedCall) {}
    /// Does nothing.
    public func callStarted(_ method: String) {}
    /// Does nothing.
    public func callEnded(_ call: ObservedCall) {}
    /// Does nothing.
    public func retried(_ method: String, after wait: Duration) {}
}

/// Receives the events of a server's calls.
///
/// Called on a transport's threads; implementations must neither wait nor block.
public protocol ServerObserver: Sendable {
    /// A call starts; an unknown method is reported as `_OTHER`.
    func callStarted(_ method: String)

    /// A call has ended or was refused; an unknown method is reported as `_OTHER`.
    func callEnded(_ call: ObservedCall)
}
