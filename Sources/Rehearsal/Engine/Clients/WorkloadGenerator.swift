package import Checkers
package import Scenarios
package import Simulation

/// The operations of one client, drawn from its own stream.
package struct WorkloadGenerator {
    /// The number of orders that the clients of a plan share when they share them.
    private static let sharedOrders = 5
    private static let amountMax = 10_000

    private let plan: ClientPlan
    /// The client's process, such as `shop-3`.
    private let client: String
    private var stream: RandomStream
    private var invalidRequests: InvalidRequests?
    private var done = 0
    /// The payments that this client was told of, with their amounts.
    private var payments: [(id: String, amount: Int64)] = []

    /// The requests of the client whose process is `client`, drawn from `stream`; some of them are
    /// `invalidRequests`.
    package init(
        _ plan: ClientPlan,
        client: String,
        stream: RandomStream,
        invalidRequests: InvalidRequests? = nil
    ) {
        self.plan = plan
        self.client = client
        self.stream = stream
        self.invalidRequests = invalidRequests
    }

    /// The name of the stream from which the requests of `client` are drawn.
    package static func streamName(of client: String) -> String { "client/\(client)" }

    /// The wait before the next operation.
    package mutating func pause() -> Duration {
        self.plan.pause * (2 * self.stream.fraction())
    }

    /// The next operation, and its key if it has one.
    package mutating func next() -> (Operation.Request, key: String?) {
        self.done += 1
        let request = self.request()
        let hasKeys = self.plan.idempotency == .perOperation
        let key = hasKeys && !request.isRead ? self.key(request) : nil
        let freshKey = hasKeys ? self.freshKey : nil
        return self.invalidRequests?.next(insteadOf: request, key: key, freshKey: freshKey)
            ?? (request, key)
    }

    /// Takes note of the outcome.
    package mutating func learn(_ outcome: Outcome) {
        if case .paid(let paymentID, let amount, _, _) = outcome {
            self.payments.append((paymentID, amount))
        }
    }

    private mutating func request() -> Operation.Request {
        let mix = self.plan.ops
        let draw = self.stream.below(max(1, mix.pay + mix.refund + mix.read))
        if draw < mix.pay || self.payments.isEmpty { return self.payment() }
        let payment = self.payments[self.stream.below(self.payments.count)]
        if draw >= mix.pay + mix.refund { return .read(paymentID: payment.id) }
        let isWhole = self.stream.chance(0.25)
        let amount = 1 + Int64(self.stream.below(max(1, Int(payment.amount))))
        return .refund(paymentID: payment.id, amount: isWhole ? nil : amount)
    }

    private mutating func payment() -> Operation.Request {
        let amount = Int64(1 + self.stream.below(Self.amountMax))
        guard self.plan.sharesOrders else {
            let order = "order-\(self.client)-\(self.done)"
            return .pay(orderID: order, amount: amount, currency: "EUR")
        }
        // All clients ask for the same few orders, so that their requests meet.
        let number = self.stream.below(Self.sharedOrders)
        return .pay(orderID: "order-\(number)", amount: Int64(100 + number), currency: "EUR")
    }

    private func key(_ request: Operation.Request) -> String {
        if self.plan.sharesOrders, case .pay(let order, _, _) = request { return "key-\(order)" }
        return self.freshKey
    }

    private var freshKey: String { "key-\(self.client)-\(self.done)" }
}
