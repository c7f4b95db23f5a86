import Synchronization

/// The servers' ends of one call: none, one, or two for a duplicated request.
final class Peers: Sendable {
    private let state = Mutex(State())

    private struct State {
        var copies = 0
        var inAir = 0
        var timesServed = 0
        var wasCancelled = false
        var served: [any ServedCall] = []
    }

    /// Records that `count` copies of the request were sent.
    func copiesSent(_ count: Int) {
        self.state.withLock { ($0.copies, $0.inAir) = (count, count) }
    }

    /// True when the request was sent more than once, so that no answer speaks for the whole call.
    var hasCopies: Bool { self.state.withLock { $0.copies > 1 } }

    /// Records the arrival of a copy.
    ///
    /// - Returns: false when a cancellation arrived first. Connections keep their order, so the
    ///   server then never sees the request.
    func copyArrived() -> Bool {
        self.state.withLock { state in
            state.inAir -= 1
            return !state.wasCancelled
        }
    }

    /// True when no copy was served and none is in transit, so that a refusal is final.
    var isRefusedForGood: Bool { self.state.withLock { $0.inAir == 0 && $0.timesServed == 0 } }

    func add(_ call: any ServedCall) {
        self.state.withLock { state in
            state.timesServed += 1
            state.served.append(call)
        }
    }

    func remove(_ call: any ServedCall) {
        self.state.withLock { $0.served.removeAll { $0 === call } }
    }

    /// Removes `call`, because its server did not accept it.
    func refused(_ call: any ServedCall) {
        self.state.withLock { state in
            state.served.removeAll { $0 === call }
            state.timesServed -= 1
        }
    }

    /// Ends all servers' ends for `reason`.
    ///
    /// - Returns: true when there was any.
    func end(_ reason: Interruption) -> Bool {
        let served = self.state.withLock { state in
            state.wasCancelled = true
            return state.served
        }
        for call in served { call.end(reason) }
        return !served.isEmpty
    }
}
