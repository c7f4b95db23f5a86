import Checkers

/// Ways to make a correct history wrong.
enum Spoiling: CaseIterable {
    /// A refund is written a second time at the end.
    case entryTwice
    /// An entry is not there.
    case entryMissing
    /// A reader sees one unit less.
    case otherAmount
    /// The remainder after a refund is one unit too high.
    case otherRemainder
    /// A payment that was made anew is called a replay's opposite twice.
    case madeTwice
    /// A reader who asks after everything does not see the last refund.
    case staleRead

    /// Those that must notice.
    var oracles: [String] {
        switch self {
        case .entryTwice: ["gapless", "idempotent_once"]
        case .entryMissing: ["gapless", "matches_model", "acknowledged_is_durable"]
        case .otherAmount, .otherRemainder, .madeTwice, .staleRead: ["matches_model"]
        }
    }

    /// True when the answers alone show it.
    var breaksOrder: Bool {
        switch self {
        case .entryTwice, .entryMissing: false
        case .otherAmount, .otherRemainder, .madeTwice, .staleRead: true
        }
    }

    /// Nil when there is nothing to spoil.
    func spoil(_ events: [HistoryEvent]) -> [HistoryEvent]? {
        var events = events
        switch self {
        case .entryTwice:
            guard let entry = events.last(where: \.isRefundEntry) else { return nil }
            events.append(entry)
        case .entryMissing:
            guard let place = Self.acknowledgedEntry(events) else { return nil }
            events.remove(at: place)
        case .otherAmount:
            return Self.replaceAnswer(in: events) { outcome in
                guard case .read(let reading) = outcome else { return nil }
                return .read(reading.with(amount: reading.amount - 1))
            }
        case .otherRemainder:
            return Self.replaceAnswer(in: events) { outcome in
                guard
                    case .refunded(let id, let paymentID, let amount, let left, let isReplay) =
                        outcome
                else { return nil }
                return .refunded(
                    refundID: id,
                    paymentID: paymentID,
                    amount: amount,
                    remaining: left + 1,
                    isReplay: isReplay
                )
            }
        case .madeTwice:
            return Self.replaceAnswer(in: Self.paidAgain(events)) { outcome in
                guard case .paid(let id, let amount, let currency, true) = outcome else {
                    return nil
                }
                return .paid(paymentID: id, amount: amount, currency: currency, isReplay: false)
            }
        case .staleRead:
            return Self.readStale(events)
        }
        return events
    }

    /// The entry of the first refund that a client was told of.
    private static func acknowledgedEntry(_ events: [HistoryEvent]) -> Int? {
        let told = events.lazy.compactMap { event -> String? in
            guard case .returned(_, .refunded(let id, _, _, _, false)) = event.what else {
                return nil
            }
            return id
        }.first
        return events.firstIndex {
            guard case .committed(let posted) = $0.what else { return false }
            return posted.refundID != nil && posted.refundID == told
        }
    }

    /// Replaces the last answer that `change` has another for.
    private static func replaceAnswer(
        in events: [HistoryEvent],
        _ change: (Outcome) -> Outcome?
    ) -> [HistoryEvent]? {
        var events = events
        for place in events.indices.reversed() {
            guard case .returned(let id, let outcome) = events[place].what,
                let other = change(outcome)
            else { continue }
            events[place] = HistoryEvent(at: events[place].at, .returned(operation: id, other))
            return events
        }
        return nil
    }

    /// Adds a client that repeats the first successful payment and gets a replay.
    private static func paidAgain(_ events: [HistoryEvent]) -> [HistoryEvent] {
        for event in events {
            guard case .returned(let id, .paid(let paymentID, let amount, _, false)) = event.what,
                let first = events.operation(id)
            else { continue }
            let again = Operation(
                id: 10_000,
                client: "shop-1",
                subject: first.subject,
                request: first.request,
                key: first.key
            )
            return events
                + [
                    .invoked(again), .attempt(10_000),
                    .paid(10_000, amount, as: paymentID, isReplay: true),
                ]
                .events
        }
        return events
    }

    private static func readStale(_ events: [HistoryEvent]) -> [HistoryEvent]? {
        for event in events {
            guard case .returned(_, .refunded(_, let paymentID, _, _, false)) = event.what else {
                continue
            }
            return events
                + [
                    .read(10_000, paymentID, by: "admin"), .attempt(10_000),
                    .shown(10_000, paymentID: paymentID),
                ].events
        }
        return nil
    }
}

extension HistoryEvent {
    fileprivate var isRefundEntry: Bool {
        guard case .committed(let posted) = self.what else { return false }
        return posted.kind == .refund
    }
}

extension PaymentReading {
    fileprivate func with(amount: Int64) -> PaymentReading {
        PaymentReading(
            paymentID: self.paymentID,
            amount: amount,
            currency: self.currency,
            refunds: self.refunds,
            remaining: self.remaining
        )
    }
}

extension [HistoryEvent] {
    fileprivate func operation(_ id: Int) -> Operation? {
        for case .invoked(let operation) in self.map(\.what) where operation.id == id {
            return operation
        }
        return nil
    }
}
