import TransportCore

/// Why an attempt failed.
struct AttemptFailure: Error {
    let error: RPCError

    /// Whether there was no server: another host may have one.
    var isRefusal = false

    /// Whether the caller reads nothing more, not even what has come.
    var isAbandoned = false
}
