/// Is told what a client's calls come to; ``MeteredChannel`` and ``RetryChannel`` tell it.
///
/// Called from any task: it neither waits nor blocks.
public protocol ClientObserver: Sendable {
    /// An attempt of a call is about to be made.
    func attemptStarted(_ method: String)

    /// An attempt has ended; for a stream without sizes, and when it was opened.
    func attemptEnded(_ attempt: ObservedCall)

    /// A call has ended, after all its attempts.
    func callEnded(_ call: ObservedCall)

    /// One more attempt of a call is made, after a wait.
    func retried(_ method: String, after wait: Duration)

    /// A call that took more than one attempt needs no further one.
    func repeated(_ method: String, _ repeats: Repeats)

    /// A call that could have been made again was given up for good.
    func gaveUp(_ method: String)
}

extension ClientObserver {
    /// Does nothing: each attempt was told.
    public func repeated(_ method: String, _ repeats: Repeats) {}

    /// Does nothing: the end of the call says it.
    public func gaveUp(_ method: String) {}
}

/// What became of one call, or of one attempt of it.
public struct ObservedCall: Sendable {
    /// `package.Service/Method`.
    public var method: String
    /// How it ended.
    public var code: StatusCode
    /// How long it took.
    public var duration: Duration
    /// The size of the requests in bytes.
    public var sent = 0
    /// The size of the responses in bytes.
    public var received = 0

    /// A call that ended.
    public init(method: String, code: StatusCode, duration: Duration) {
        self.method = method
        self.code = code
        self.duration = duration
    }
}

/// What one call took beyond its first attempt.
public struct Repeats: Hashable, Sendable {
    /// Attempts that were made because those before them had failed.
    public var retries = 0
    /// Attempts of a hedged call after its first.
    public var hedges = 0
    /// How long no attempt was under way.
    public var delay = Duration.zero

    /// A call of one attempt.
    public init() {}
}

/// Nobody looks.
public struct NoObserver: ClientObserver, ServerObserver {
    /// An observer that does nothing.
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

/// Is told what a server's calls come to.
///
/// Called on a transport's threads: it neither waits nor blocks.
public protocol ServerObserver: Sendable {
    /// A call has come whose method is known here.
    func callStarted(_ method: String)

    /// A call has ended, or was refused; a method that is not known here is `_OTHER`.
    func callEnded(_ call: ObservedCall)
}
