import TransportCore

/// The failure of an attempt.
struct AttemptFailure: Error {
    let error: RPCError

    /// True when no server took the call; another host may have one.
    var isRefusal = false

    /// True when the caller reads nothing more, not even messages that have arrived.
    var isAbandoned = false
}
