import TransportCore

extension InMemoryServer {
    /// Registers the call that `make` returns with this server's host, if it has one.
    ///
    /// - Returns: nil when the host has ended.
    /// - Throws: UNAVAILABLE when the host has too many calls in flight.
    func admit(_ make: (UInt64) -> any ServedCall) throws(RPCError) -> (any ServedCall)? {
        guard let host = self.host else { return make(0) }
        switch host.incoming.admit(make) {
        case .admitted(let call): return call
        case .closed: return nil
        case .full:
            let message = "\(host.name) has \(InMemoryHost.callsMax) calls in flight"
            throw RPCError(.unavailable, message).neverProcessed
        }
    }
}
