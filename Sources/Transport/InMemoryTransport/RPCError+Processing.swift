import TransportCore

extension RPCError {
    /// This error of a call that no server has seen.
    var neverProcessed: RPCError {
        var error = self
        error.wasNeverProcessed = true
        return error
    }

    /// This error without the word that nothing happened.
    ///
    /// Of a request that the network doubled one copy may fail before it did anything while the
    /// other one acts. A connection never delivers a call twice, so no server can know of that.
    var unvouched: RPCError {
        switch self.code {
        case .unavailable, .resourceExhausted: RPCError(self.code, self.message)
        default: self
        }
    }
}
