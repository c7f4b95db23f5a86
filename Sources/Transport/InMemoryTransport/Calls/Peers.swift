import Synchronization

/// The servers' ends of one call as far as they are known: none, one, or two for a duplicate.
final class Peers: Sendable {
    private let state = Mutex(State())

    private struct State {
        var copies = 0
        var inAir = 0
        var timesServed = 0
        var wasCancelled = false
        var served: [any CarriedCall] = []
    }

    /// So many copies of the request have been sent.
    func copiesSent(_ count: Int) {
        self.state.withLock { ($0.copies, $0.inAir) = (count, count) }
    }

    /// Whether the request was sent more than once, so that no answer speaks for the whole call.
    var hasCopies: Bool { self.state.withLock { $0.copies > 1 } }

    /// A copy has come down.
    ///
    /// - Returns: false when a cancellation came first; connections keep their order, so the server
    ///   never sees the request then.
    func copyArrived() -> Bool {
        self.state.withLock { state in
            state.inAir -= 1
            return !state.wasCancelled
        }
    }

    /// Whether a copy that was refused is the last word: none was served, none is in the air.
    var isRefusedForGood: Bool { self.state.withLock { $0.inAir == 0 && $0.timesServed == 0 } }

    func add(_ call: any CarriedCall) {
        self.state.withLock { state in
            state.timesServed += 1
            state.served.append(call)
        }
    }

    func remove(_ call: any CarriedCall) {
        self.state.withLock { $0.served.removeAll { $0 === call } }
    }

    /// The server that was to answer `call` did not take it after all.
    func refused(_ call: any CarriedCall) {
        self.state.withLock { state in
            state.served.removeAll { $0 === call }
            state.timesServed -= 1
        }
    }

    /// Ends every end for `reason`.
    ///
    /// - Returns: whether there was any.
    func end(_ reason: Interruption) -> Bool {
        let served = self.state.withLock { state in
            state.wasCancelled = true
            return state.served
        }
        for call in served { call.end(reason) }
        return !served.isEmpty
    }
}
