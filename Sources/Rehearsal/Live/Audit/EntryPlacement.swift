import Checkers

/// Puts the entries of the journal into a history that was written without them.
///
/// When an entry was committed is not known, only bounds: before the journal was read with it, before
/// the first answer that tells of it, and before the entries that follow it. It is placed as late
/// as these allow. Oracles for which the exact place matters cannot judge such a history.
struct EntryPlacement {
    private let events: [HistoryEvent]
    private let entries: [JournalReader.Seen]

    /// The events of a run, and its journal in order.
    init(_ events: [HistoryEvent], _ entries: [JournalReader.Seen]) {
        self.events = events
        self.entries = entries
    }

    /// The events with the entries among them.
    var merged: [HistoryEvent] {
        let places = self.places
        var merged: [HistoryEvent] = []
        var next = 0
        for (index, event) in self.events.enumerated() {
            while next < places.count, places[next] <= index {
                merged.append(HistoryEvent(at: event.at, .committed(self.entries[next].posted)))
                next += 1
            }
            merged.append(event)
        }
        let end = self.events.last?.at ?? 0
        for entry in self.entries[next...] {
            merged.append(HistoryEvent(at: end, .committed(entry.posted)))
        }
        return merged
    }

    /// For each entry the event before which it is placed, rising.
    private var places: [Int] {
        let shown = self.firstAnswers
        var bound = self.events.count
        var places: [Int] = []
        for entry in self.entries.reversed() {
            let id = entry.posted.refundID ?? entry.posted.paymentID
            bound = min(bound, entry.at, shown[id] ?? bound)
            places.append(bound)
        }
        return places.reversed()
    }

    /// The first answer that tells of each payment or refund, by its id.
    private var firstAnswers: [String: Int] {
        var first: [String: Int] = [:]
        for (index, event) in self.events.enumerated() {
            guard case .returned(_, let outcome) = event.what else { continue }
            for id in outcome.idsTold where first[id] == nil { first[id] = index }
        }
        return first
    }
}

extension Outcome {
    fileprivate var idsTold: [String] {
        switch self {
        case .paid(let id, _, _, _): [id]
        case .refunded(let id, let paymentID, _, _, _): [id, paymentID]
        case .read(let reading): [reading.paymentID] + reading.refunds.map(\.refundID)
        case .refused, .unknown: []
        }
    }
}
