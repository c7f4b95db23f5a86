import TransportCore

extension InMemoryHost {
    /// Registers the attempt that `make` returns.
    ///
    /// - Throws: UNAVAILABLE when this host has too many calls in flight; CANCELLED when it has
    ///   ended.
    func begin<Made: Attempt>(_ make: (UInt64) -> Made) throws(AttemptFailure) -> Made {
        var made: Made?
        let admission = self.outgoing.admit { ticket in
            let attempt = make(ticket)
            made = attempt
            return attempt
        }
        switch admission {
        case .admitted, .full:
            if let made { return made }
            let message = "\(self.name) has \(Self.callsMax) calls in flight"
            throw AttemptFailure(error: RPCError(.unavailable, message).neverProcessed)
        case .closed:
            throw AttemptFailure(error: Interruption.callerCrashed.error.neverProcessed)
        }
    }
}
