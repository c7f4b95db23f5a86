internal import Checkers
internal import StrictJSON

extension Operation {
    var members: Members {
        let (action, orderID, paymentID, amount, currency) = self.request.parts
        return [
            ("operation", .count(self.id)), ("client", .string(self.client)),
            ("subject", .string(self.subject)), ("action", .string(action)),
            ("order_id", .text(orderID)), ("payment_id", .text(paymentID)),
            ("amount", .amount(amount)), ("currency", .text(currency)), ("key", .text(self.key)),
            ("good_token", .bool(self.hasGoodToken)),
        ]
    }
}

extension Operation.Request {
    fileprivate var parts:
        (action: String, orderID: String?, paymentID: String?, amount: Int64?, currency: String?)
    {
        switch self {
        case .pay(let orderID, let amount, let currency): ("pay", orderID, nil, amount, currency)
        case .refund(let paymentID, let amount): ("refund", nil, paymentID, amount, nil)
        case .read(let paymentID): ("read", nil, paymentID, nil, nil)
        }
    }
}

extension Outcome {
    var members: Members {
        switch self {
        case .paid(let paymentID, let amount, let currency, let isReplay):
            [
                ("outcome", "paid"), ("payment_id", .string(paymentID)), ("amount", .count(amount)),
                ("currency", .string(currency)), ("replay", .bool(isReplay)),
            ]
        case .refunded(let refundID, let paymentID, let amount, let remaining, let isReplay):
            [
                ("outcome", "refunded"), ("refund_id", .string(refundID)),
                ("payment_id", .string(paymentID)), ("amount", .count(amount)),
                ("remaining", .count(remaining)), ("replay", .bool(isReplay)),
            ]
        case .read(let reading): [("outcome", "read")] + reading.members
        case .refused(let status, let code):
            [("outcome", "refused"), ("status", .count(status)), ("code", .string(code))]
        case .unknown(let code): [("outcome", "unknown"), ("code", .string(code))]
        }
    }
}

extension PaymentReading {
    fileprivate var members: Members {
        let refunds: [JSONValue] = self.refunds.map {
            ["refund_id": .string($0.refundID), "amount": .count($0.amount)]
        }
        return [
            ("payment_id", .string(self.paymentID)), ("amount", .count(self.amount)),
            ("currency", .string(self.currency)), ("remaining", .count(self.remaining)),
            ("refunds", .array(refunds)),
        ]
    }
}

extension Posted {
    var members: Members {
        [
            ("sequence", .count(Int64(clamping: self.sequence))),
            ("kind", .string(self.kind.rawValue)), ("payment_id", .string(self.paymentID)),
            ("refund_id", .text(self.refundID)), ("order_id", .text(self.orderID)),
            ("subject", .string(self.subject)), ("amount", .count(self.amount)),
            ("currency", .string(self.currency)), ("debit", .string(self.debit)),
            ("credit", .string(self.credit)),
        ]
    }
}

extension BalanceReading {
    var members: Members {
        let accounts: [JSONValue] = self.accounts.map {
            [
                "account": .string($0.account), "debits": .count($0.debits),
                "credits": .count($0.credits),
            ]
        }
        return [
            ("currency", .string(self.currency)),
            ("sequence", .count(Int64(clamping: self.sequence))), ("accounts", .array(accounts)),
        ]
    }
}

extension TokenJudgement {
    var members: Members {
        [
            ("request_id", .string(self.requestID)), ("judge", .string(self.judge)),
            ("bad", .bool(self.isBad)), ("accepted", .bool(self.wasAccepted)),
        ]
    }
}

extension HealthReading {
    var members: Members {
        [
            ("process", .string(self.process)), ("service", .string(self.service)),
            ("serving", .bool(self.isServing)),
            ("canary", self.canarySucceeded.map { .bool($0) } ?? .null),
        ]
    }
}

extension LinkEvent {
    var members: Members {
        [
            ("call", .count(Int64(clamping: self.call))), ("from", .string(self.from)),
            ("to", .string(self.to)), ("leg", .string(self.phase.rawValue)),
            ("fate", .string(self.fate.rawValue)), ("method", .string(self.method)),
            ("request_id", .string(self.requestID)),
        ]
    }
}
