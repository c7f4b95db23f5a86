import NIOCore

/// Decides when a listener accepts connections: a pure state machine.
///
/// At the bound it accepts no more until one has closed, and evicts one that can be spared. When
/// the system refuses to accept it rests, each time twice as long, up to a second.
struct AcceptState {
    /// The next steps of the listener.
    struct Actions: Equatable {
        var reads = false
        var evicts = false
        /// Rest for this long, then call ``AcceptState/restEnded()``.
        var rest: TimeAmount?
        /// Wait a little, then call ``AcceptState/lookedAgain()``.
        var looksAgain = false
        var notice: ListenerNotice?
    }

    static let restMin = TimeAmount.milliseconds(100)
    static let restMax = TimeAmount.seconds(1)

    let connectionsMax: Int
    private(set) var open = 0
    private var isReadHeld = false
    private var isEvicting = false
    private var isResting = false
    private var rest = Self.restMin

    /// Connections asked to close since the bound was reached; nil while there is room.
    private var evicted: Int?

    /// Failures since accepting stopped working; nil while it works.
    private var failures: Int?

    init(connectionsMax: Int) { self.connectionsMax = max(1, connectionsMax) }

    /// The channel wants to accept.
    mutating func readWanted() -> Actions {
        self.isReadHeld = true
        return self.goOn()
    }

    mutating func opened() -> Actions {
        self.open += 1
        self.rest = Self.restMin
        guard let failures = self.failures, !self.isResting else { return Actions() }
        self.failures = nil
        return Actions(notice: .acceptsAgain(failures: failures))
    }

    mutating func closed() -> Actions {
        self.open -= 1
        self.isEvicting = false
        var actions = self.goOn()
        if let evicted = self.evicted, self.open <= self.connectionsMax * 9 / 10 {
            self.evicted = nil
            actions.notice = .roomAgain(evicted: evicted)
        }
        return actions
    }

    /// The evicted connection has work again, or none can be spared now.
    mutating func nobodyWent() -> Actions {
        guard self.isEvicting else { return Actions() }
        self.isEvicting = false
        return Actions(looksAgain: self.isReadHeld)
    }

    mutating func lookedAgain() -> Actions { self.goOn() }

    /// A connection was asked to close.
    mutating func evictionBegan() { self.evicted? += 1 }

    /// The system refused to accept.
    mutating func acceptFailed(_ reason: String) -> Actions {
        defer {
            self.rest = min(self.rest + self.rest, Self.restMax)
            self.isResting = true
            self.failures = (self.failures ?? 0) + 1
        }
        var actions = Actions()
        if self.failures == nil { actions.notice = .acceptFailed(reason) }
        guard !self.isResting else { return actions }
        actions.rest = self.rest
        actions.evicts = !self.isEvicting
        self.isEvicting = true
        return actions
    }

    mutating func restEnded() -> Actions {
        self.isResting = false
        return self.goOn()
    }

    /// Reads if a read is pending and there is room; evicts if room is missing.
    private mutating func goOn() -> Actions {
        guard self.isReadHeld, !self.isResting else { return Actions() }
        if self.open < self.connectionsMax {
            self.isReadHeld = false
            return Actions(reads: true)
        }
        var actions = Actions(evicts: !self.isEvicting)
        self.isEvicting = true
        if self.evicted == nil {
            self.evicted = 0
            actions.notice = .full(connectionsMax: self.connectionsMax)
        }
        return actions
    }
}
