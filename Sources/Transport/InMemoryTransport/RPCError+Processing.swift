import TransportCore

extension RPCError {
    /// This error, marked as one of a call that no server has seen.
    var neverProcessed: RPCError {
        var error = self
        error.wasNeverProcessed = true
        return error
    }
}
