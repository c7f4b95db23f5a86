import Checkers
import RunReports

extension SampleRun {
    /// Lets a client do one operation, with up to four tries.
    mutating func operate(_ id: Int, of count: Int) {
        let span = Self.length - 6 * Self.second
        let start =
            Self.second / 2 + Int64(id) * span / Int64(count) + Int64(draw(40)) * Self.millisecond
        let client = "shop-\(id * 7 % 10 + 1)"
        let isRefund = id % 5 == 3 && !paid.isEmpty
        let isRead = id % 5 == 4 && !paid.isEmpty
        let target = paid.isEmpty ? ("pay_0", 0) : paid[draw(paid.count)]
        let isTwice = !isReplyLost && !isRefund && !isRead && start > 9 * Self.second
        let orderID = isTwice ? "order-twice" : "order-\(id)"
        let request: Operation.Request =
            isRefund
            ? .refund(paymentID: target.0, amount: 200)
            : isRead
                ? .read(paymentID: target.0) : .pay(orderID: orderID, amount: 1990, currency: "EUR")
        let operation = Operation(
            id: id,
            client: client,
            subject: "user-\(id % 10)",
            request: request,
            key: "key-\(id)"
        )
        add(start, .invoked(operation))
        var now = start
        for attempt in 1...4 {
            let requestID = "r-\(id)-\(attempt)"
            add(now, .tried(operation: id, attempt: attempt, requestID: requestID))
            var trip = Trip(
                operation: operation,
                requestID: requestID,
                isTwice: isTwice,
                attempt: attempt
            )
            let end = visit(
                ["gateway-1"] + route(of: request, attempt),
                from: client,
                at: now,
                &trip
            )
            if let end {
                add(end, .returned(operation: id, outcome(of: operation, isTwice, attempt)))
                return
            }
            now += 2 * Self.second
        }
        add(now, .returned(operation: id, .unknown(code: "DEADLINE_EXCEEDED")))
    }

    private struct Trip {
        let operation: Operation
        let requestID: String
        let isTwice: Bool
        let attempt: Int
    }

    private func route(of request: Operation.Request, _ attempt: Int) -> [String] {
        switch request {
        case .pay, .read: [attempt % 2 == 0 ? "payment-2" : "payment-1", "ledger-1"]
        case .refund: ["refund-1", "ledger-1"]
        }
    }

    private func outcome(of operation: Operation, _ isTwice: Bool, _ attempt: Int) -> Outcome {
        let payment = isTwice ? "pay_twice" : "pay_\(operation.id)"
        switch operation.request {
        case .pay(_, let amount, let currency):
            if operation.id % 23 == 6 { return .refused(status: 409, code: "order_conflict") }
            return .paid(
                paymentID: payment,
                amount: amount,
                currency: currency,
                isReplay: attempt > 1 && !isTwice
            )
        case .refund(let paymentID, let amount):
            if operation.id % 15 == 8 {
                return .refused(status: 422, code: "refund_exceeds_remaining")
            }
            return .refunded(
                refundID: "ref_\(operation.id)",
                paymentID: paymentID,
                amount: amount ?? 0,
                remaining: 1790,
                isReplay: false
            )
        case .read(let paymentID):
            return .read(
                PaymentReading(
                    paymentID: paymentID,
                    amount: 1990,
                    currency: "EUR",
                    refunds: [],
                    remaining: 1990
                )
            )
        }
    }

    /// Lets a call go down the hops; returns when its reply is back, or nil when it never is.
    private mutating func visit(
        _ hops: [String],
        from: String,
        at: Int64,
        _ trip: inout Trip
    ) -> Int64? {
        guard let to = hops.first else { return at }
        calls += 1
        let call = calls
        let arrival = at + Int64(2 + draw(14)) * Self.millisecond
        func link(_ phase: LinkEvent.Phase, _ fate: LinkEvent.Fate) -> HistoryEvent.What {
            let (a, b) = phase == .request ? (from, to) : (to, from)
            return .linkMessage(
                LinkEvent(
                    call: call,
                    from: a,
                    to: b,
                    phase: phase,
                    fate: fate,
                    method: "florin.\(to.prefix { $0 != "-" })/Do",
                    requestID: trip.requestID
                )
            )
        }
        add(at, link(.request, .sent))
        if to == "ledger-1", (18 * Self.second..<25 * Self.second).contains(at) {
            add(arrival, link(.request, .lost))
            add(arrival, .fault(id: "cut", .effective))
            return nil
        }
        if to == "payment-1", (34 * Self.second..<37 * Self.second).contains(arrival) {
            add(arrival, link(.request, .refused))
            return nil
        }
        let luck = draw(100)
        add(arrival, link(.request, luck == 0 ? .mangled : .delivered))
        if luck == 0 { return nil }
        if luck == 1 { add(arrival + 3 * Self.millisecond, link(.request, .duplicated)) }
        let work = arrival + Int64(1 + draw(6)) * Self.millisecond
        if to == "ledger-1" { commit(trip, at: work) }
        guard let done = visit(Array(hops.dropFirst()), from: to, at: work, &trip) else {
            return nil
        }
        let isPaused = to == "refund-1" && (44 * Self.second..<46 * Self.second).contains(done)
        let sent = isPaused ? 46 * Self.second : done + Self.millisecond
        add(sent, link(.reply, .sent))
        let back = sent + Int64(2 + draw(14)) * Self.millisecond
        if trip.isTwice, trip.attempt == 1, to == "ledger-1" {
            isReplyLost = true
            add(sent, .fault(id: "lost", .fired))
            add(back, .fault(id: "lost", .effective))
            add(back, link(.reply, .lost))
            return nil
        }
        if luck == 3, to != "gateway-1" {
            add(back, link(.reply, .reset))
            return nil
        }
        add(back, link(.reply, back - at > 900 * Self.millisecond ? .late : .delivered))
        return back - at > 900 * Self.millisecond ? nil : back
    }

    private mutating func commit(_ trip: Trip, at: Int64) {
        let operation = trip.operation
        switch operation.request {
        case .read: return
        case .pay(let orderID, let amount, let currency):
            guard operation.id % 23 != 6, trip.attempt == 1 || trip.isTwice else { return }
            let payment = trip.isTwice ? "pay_twice" : "pay_\(operation.id)"
            paid.append((payment, amount))
            sequence += 1
            add(
                at,
                .committed(
                    Posted(
                        sequence: sequence,
                        kind: .capture,
                        paymentID: payment,
                        orderID: orderID,
                        subject: operation.subject,
                        amount: amount,
                        currency: currency,
                        debit: "customer",
                        credit: "merchant"
                    )
                )
            )
        case .refund(let paymentID, let amount):
            guard operation.id % 15 != 8, trip.attempt == 1 else { return }
            sequence += 1
            add(
                at,
                .committed(
                    Posted(
                        sequence: sequence,
                        kind: .refund,
                        paymentID: paymentID,
                        refundID: "ref_\(operation.id)",
                        subject: operation.subject,
                        amount: amount ?? 0,
                        currency: "EUR",
                        debit: "merchant",
                        credit: "customer"
                    )
                )
            )
        }
    }
}
