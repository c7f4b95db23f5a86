/// The events of a run, in order; the place of an event is its index.
///
/// A history holds at most `eventsMax` events. Messages on links are most of it, so they are
/// dropped first: the last quarter of the room is kept for other events.
package struct History: Hashable, Sendable {
    /// The default bound on the events of a history.
    package static let eventsMaxDefault = 400_000

    package private(set) var events: [HistoryEvent] = []

    /// The number of events that found no room.
    package private(set) var dropped = 0

    package let eventsMax: Int

    package init(eventsMax: Int = Self.eventsMaxDefault) {
        precondition(eventsMax > 0, "A history has room for one event at least.")
        self.eventsMax = eventsMax
    }

    /// Takes the next event; returns its index, or nil when it was dropped.
    @discardableResult
    package mutating func append(_ event: HistoryEvent) -> Int? {
        guard self.events.count < self.room(for: event.what) else {
            self.dropped += 1
            return nil
        }
        self.events.append(event)
        return self.events.count - 1
    }

    private func room(for what: HistoryEvent.What) -> Int {
        if case .linkMessage = what { self.eventsMax - self.eventsMax / 4 } else { self.eventsMax }
    }
}

extension History {
    /// The places of an operation's start, tries and end.
    package func indices(ofOperation id: Int) -> [Int] {
        self.indices { what in
            switch what {
            case .invoked(let operation): operation.id == id
            case .tried(let operation, _, _), .returned(let operation, _): operation == id
            default: false
            }
        }
    }

    /// The places of a request's try, its messages, and the verdicts on its token.
    package func indices(ofRequest requestID: String) -> [Int] {
        self.indices { what in
            switch what {
            case .tried(_, _, let id): id == requestID
            case .linkMessage(let link): link.requestID == requestID
            case .judged(let judgement): judgement.requestID == requestID
            default: false
            }
        }
    }

    /// The places of a payment's entries, and of the operations and answers that name it.
    package func indices(ofPayment paymentID: String) -> [Int] {
        self.indices { what in
            switch what {
            case .invoked(let operation): operation.request.paymentID == paymentID
            case .committed(let posted): posted.paymentID == paymentID
            case .returned(_, let outcome): outcome.paymentID == paymentID
            default: false
            }
        }
    }

    private func indices(where matches: (HistoryEvent.What) -> Bool) -> [Int] {
        self.events.indices.filter { matches(self.events[$0].what) }
    }
}
