import Checkers
package import Scenarios
package import Simulation

/// Requests that must be refused, drawn from a stream of their own.
///
/// Others' payments and payments that are not there are 404, another thing under the last key is
/// 422, and without a key 409; the oracles know that by themselves.
package struct InvalidRequests {
    private let chance: Double
    private let subject: String
    private let book: OperationBook
    private var stream: RandomStream
    private var last: (request: Operation.Request, key: String?)?

    /// The invalid requests of `subject`, drawn from `stream`; nil when `plan` has none.
    package init?(
        _ plan: ClientPlan,
        subject: String,
        _ book: OperationBook,
        stream: @autoclosure () -> RandomStream
    ) {
        guard plan.invalidRequestChance > 0 else { return nil }
        self.chance = plan.invalidRequestChance
        self.subject = subject
        self.book = book
        self.stream = stream()
    }

    /// The name of the stream from which the invalid requests of `client` are drawn.
    package static func streamName(of client: String) -> String { "mischief/\(client)" }

    /// Takes the place of `request` now and then; no operation has used `freshKey`.
    mutating func next(
        insteadOf request: Operation.Request,
        key: String?,
        freshKey: String?
    ) -> (Operation.Request, key: String?) {
        guard self.stream.chance(self.chance) else {
            if !request.isRead { self.last = (request, key) }
            return (request, key)
        }
        switch self.stream.below(4) {
        case 0:
            guard let paymentID = self.someoneElses() else { return (self.nothing, freshKey) }
            return (.read(paymentID: paymentID), nil)
        case 1: return (self.refundOfSomeoneElses() ?? self.nothing, freshKey)
        case 2: return (self.nothing, freshKey)
        default: return self.anotherUnderLastKey() ?? (self.nothing, freshKey)
        }
    }

    private var nothing: Operation.Request { .refund(paymentID: "pay_nobodys", amount: 1) }

    private mutating func someoneElses() -> String? {
        let payments = self.book.payments(notOf: self.subject)
        return payments.isEmpty ? nil : payments[self.stream.below(payments.count)]
    }

    private mutating func refundOfSomeoneElses() -> Operation.Request? {
        let isWhole = self.stream.chance(0.5)
        return self.someoneElses().map { .refund(paymentID: $0, amount: isWhole ? nil : 1) }
    }

    private mutating func anotherUnderLastKey() -> (Operation.Request, key: String?)? {
        guard let (request, key) = self.last else { return nil }
        switch request {
        case .pay(let order, let amount, let currency):
            // Without a key the order is the name, and must stay.
            let isOther = key != nil && self.stream.chance(0.5)
            let other = isOther ? order + "-other" : order
            let units = isOther ? amount : amount + 1
            return (.pay(orderID: other, amount: units, currency: currency), key)
        case .refund(let paymentID, let amount) where key != nil:
            return (.refund(paymentID: paymentID, amount: (amount ?? 0) + 1), key)
        case .refund, .read: return nil
        }
    }
}
