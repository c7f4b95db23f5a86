import Checkers

/// Short ways to say what happens, about payment `pay_1` of `alice` unless told otherwise.
extension HistoryEvent.What {
    static func pay(
        _ id: Int,
        _ amount: Int64 = 100,
        order: String = "o-1",
        key: String? = "k-1",
        by subject: String = "alice",
        isGood: Bool = true,
        hasScope: Bool = true
    ) -> Self {
        let request = Operation.Request.pay(orderID: order, amount: amount, currency: "EUR")
        return .begun(id, request, key: key, by: subject, isGood: isGood, hasScope: hasScope)
    }

    static func refund(
        _ id: Int,
        _ amount: Int64?,
        of paymentID: String = "pay_1",
        key: String? = "r-1",
        by subject: String = "alice"
    ) -> Self {
        .begun(id, .refund(paymentID: paymentID, amount: amount), key: key, by: subject)
    }

    static func read(
        _ id: Int,
        _ paymentID: String = "pay_1",
        by subject: String = "alice",
        client: String = "shop-1"
    ) -> Self {
        .begun(id, .read(paymentID: paymentID), key: nil, by: subject, client: client)
    }

    static func audit(_ id: Int, _ paymentID: String = "pay_1") -> Self {
        .read(id, paymentID, by: "auditor", client: "auditor")
    }

    private static func begun(
        _ id: Int,
        _ request: Operation.Request,
        key: String?,
        by subject: String,
        client: String = "shop-1",
        isGood: Bool = true,
        hasScope: Bool = true
    ) -> Self {
        .invoked(
            Operation(
                id: id,
                client: client,
                subject: subject,
                request: request,
                key: key,
                hasGoodToken: isGood,
                hasScope: hasScope
            )
        )
    }

    /// A payment service sends a second attempt of a call that it makes for a request.
    static func hedged(_ requestID: String) -> Self {
        .retried(
            RetryReading(
                process: "payment-1",
                callee: "ledger",
                requestID: requestID,
                retries: 1,
                successes: 0
            )
        )
    }

    static func attempt(_ id: Int, _ number: Int = 1) -> Self {
        .tried(operation: id, attempt: number, requestID: "req-\(id)-\(number)")
    }

    static func paid(
        _ id: Int,
        _ amount: Int64 = 100,
        as paymentID: String = "pay_1",
        isReplay: Bool = false
    ) -> Self {
        .returned(
            operation: id,
            .paid(paymentID: paymentID, amount: amount, currency: "EUR", isReplay: isReplay)
        )
    }

    static func refunded(
        _ id: Int,
        _ amount: Int64,
        left: Int64,
        as refundID: String = "ref_1",
        of paymentID: String = "pay_1",
        isReplay: Bool = false
    ) -> Self {
        .returned(
            operation: id,
            .refunded(
                refundID: refundID,
                paymentID: paymentID,
                amount: amount,
                remaining: left,
                isReplay: isReplay
            )
        )
    }

    /// A reading of a payment of 100, with refunds `ref_1`, `ref_2`, … unless `ids` names them.
    static func shown(
        _ id: Int,
        _ refunds: [Int64] = [],
        ids: [String]? = nil,
        amount: Int64 = 100,
        paymentID: String = "pay_1"
    ) -> Self {
        let ids = ids ?? refunds.indices.map { "ref_\($0 + 1)" }
        return .returned(
            operation: id,
            .read(
                PaymentReading(
                    paymentID: paymentID,
                    amount: amount,
                    currency: "EUR",
                    refunds: zip(ids, refunds).map { RefundReading(refundID: $0, amount: $1) },
                    remaining: amount - refunds.reduce(0, +)
                )
            )
        )
    }

    static func refused(_ id: Int, _ code: RefusalCode) -> Self {
        .refused(id, code.status, code.rawValue)
    }

    static func refused(_ id: Int, _ status: Int, _ code: String) -> Self {
        .returned(operation: id, .refused(status: status, code: code))
    }

    static func lost(_ id: Int, _ code: String = "deadline_exceeded") -> Self {
        .returned(operation: id, .unknown(code: code))
    }

    static func capture(
        _ sequence: UInt64,
        _ amount: Int64 = 100,
        as paymentID: String = "pay_1",
        order: String = "o-1",
        by subject: String = "alice",
        from debit: String = "clearing:CARD",
        to credit: String = "merchant"
    ) -> Self {
        .committed(
            Posted(
                sequence: sequence,
                kind: .capture,
                paymentID: paymentID,
                orderID: order,
                subject: subject,
                amount: amount,
                currency: "EUR",
                debit: debit,
                credit: credit
            )
        )
    }

    static func payBack(
        _ sequence: UInt64,
        _ amount: Int64,
        as refundID: String = "ref_1",
        of paymentID: String = "pay_1",
        by subject: String = "alice",
        currency: String = "EUR",
        to credit: String = "clearing:CARD"
    ) -> Self {
        .committed(
            Posted(
                sequence: sequence,
                kind: .refund,
                paymentID: paymentID,
                refundID: refundID,
                subject: subject,
                amount: amount,
                currency: currency,
                debit: "merchant",
                credit: credit
            )
        )
    }

    /// Balances of the two accounts in EUR: what the card account and the merchant show.
    static func balances(
        card: (Int64, Int64),
        merchant: (Int64, Int64),
        at sequence: UInt64
    ) -> Self {
        let accounts = [
            AccountReading(account: "clearing:CARD", debits: card.0, credits: card.1),
            AccountReading(account: "merchant", debits: merchant.0, credits: merchant.1),
        ]
        return .balances(BalanceReading(currency: "EUR", accounts: accounts, sequence: sequence))
    }

    static func health(
        _ process: String,
        isServing: Bool = true,
        canary: Bool? = true
    ) -> Self {
        .probed(
            HealthReading(
                process: process,
                service: "ledger",
                isServing: isServing,
                canarySucceeded: canary
            )
        )
    }

    static func link(
        _ call: UInt64,
        _ phase: LinkEvent.Phase,
        _ fate: LinkEvent.Fate,
        request: String = "req-0-1"
    ) -> Self {
        .linkMessage(
            LinkEvent(
                call: call,
                from: "payment-1",
                to: "ledger-1",
                phase: phase,
                fate: fate,
                method: "ledger.LedgerService/RecordTransaction",
                requestID: request
            )
        )
    }

    static func token(isBad: Bool, accepted: Bool, judge: String = "gateway-1") -> Self {
        .judged(
            TokenJudgement(
                requestID: "req-0-1",
                judge: judge,
                isBad: isBad,
                wasAccepted: accepted
            )
        )
    }
}

extension [HistoryEvent.What] {
    /// The events, a millisecond apart.
    var events: [HistoryEvent] {
        self.enumerated().map { HistoryEvent(at: Int64($0.offset) * 1_000_000, $0.element) }
    }
}
