/// The times at which the clocks that tokens are checked by were wrong.
struct ClockFaults: Sendable {
    /// The time for which a wrong clock affects calls between services: the lifetime of a token
    /// made by it, plus the skew.
    private static let aftermath: Int64 = 120_000_000_000

    /// The longest time from a refusal to its answer.
    private static let answerMax: Int64 = 10_000_000_000

    private struct Window: Sendable {
        let faultID: String
        var isOpen = true
        /// The last time at which the fault was known to be active.
        var until: Int64
    }

    private let context: CheckerContext
    private var windows: [Window] = []

    init(_ context: CheckerContext) {
        self.context = context
    }

    mutating func observe(_ event: HistoryEvent) {
        guard case .fault(let id, let state) = event.what else { return }
        let place = self.windows.lastIndex { $0.faultID == id && $0.isOpen }
        switch state {
        case .armed: return
        case .fired: self.windows.append(Window(faultID: id, until: event.at))
        case .effective:
            if place == nil { self.windows.append(Window(faultID: id, until: event.at)) }
        case .reverted:
            // A drifting clock keeps its error until everything is healed.
            guard let place, self.context.clockEffects[id] != .drift else { return }
            self.windows[place].isOpen = false
            self.windows[place].until = event.at
        }
    }

    /// True when `judge` may have refused a good token, and the caller learned so at `time`.
    func excuse(_ judge: String, at time: Int64) -> Bool {
        let service = judge.split(separator: "-").first.map(String.init) ?? judge
        if service == "gateway" { return self.excuseGateway(since: time - Self.answerMax) }
        // A caller with a wrong clock makes tokens that others refuse.
        return ["gateway", "payment", "refund", "ledger"].contains {
            self.isWrong($0, since: time - Self.aftermath)
        }
    }

    /// True when a gateway's clock was wrong at `time` or later.
    func excuseGateway(since time: Int64) -> Bool { self.isWrong("gateway", since: time) }

    private func isWrong(_ service: String, since time: Int64) -> Bool {
        self.windows.contains {
            ($0.isOpen || $0.until >= time) && self.context.spoilsClock($0.faultID, of: service)
        }
    }
}
