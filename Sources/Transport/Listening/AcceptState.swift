import NIOCore

/// Decides when a listener takes connections: a pure state machine, told of what happens.
///
/// At the bound it takes no more until one has closed, and asks for the one that can be spared.
/// When the system refuses to accept, it rests, each time twice as long up to a second.
struct AcceptState {
    /// The next deeds of the listener.
    struct Actions: Equatable {
        var reads = false
        var evicts = false
        /// Rest so long, then ``AcceptState/restEnded()``.
        var rest: TimeAmount?
        /// Look again soon whether there is room: ``AcceptState/lookedAgain()``.
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

    /// Connections closed since the bound was reached; nil while there is room.
    private var evicted: Int?

    /// Failures since the first; nil while accepting works.
    private var failures: Int?

    init(connectionsMax: Int) { self.connectionsMax = max(1, connectionsMax) }

    /// The listener would accept.
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

    /// The connection that was to go has work again, or none can be spared now.
    mutating func nobodyWent() -> Actions {
        guard self.isEvicting else { return Actions() }
        self.isEvicting = false
        return Actions(looksAgain: self.isReadHeld)
    }

    mutating func lookedAgain() -> Actions { self.goOn() }

    /// A connection was asked to close.
    mutating func evictionBegan() { self.evicted? += 1 }

    /// The system has refused to accept.
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

    /// Reads if a read is held and may be done; asks for room if that is what is missing.
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
