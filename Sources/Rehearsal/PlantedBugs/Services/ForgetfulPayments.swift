import Composition
import Domain
import Synchronization

/// A payment service that remembers in its own memory what only the ledger can remember.
struct ForgetfulPayments: PaymentTaking {
    enum Flaw {
        /// The answer to a key is given again to whoever sends the key.
        case answersByKey
        /// Each process knows the keys that it has seen, and no other does.
        case knowsOwnKeys
        /// A request that is still under way is answered as if it were done.
        case answersUnderWay
    }

    let flaw: Flaw
    let process: String
    let base: PaymentService
    private let memory = Memory()

    private final class Memory: Sendable {
        let state = Mutex(State())

        struct State {
            var answers: [String: PaymentReceipt] = [:]
            var underWay: [String: Payment] = [:]
            var keys: [String: IdempotencyKey] = [:]
        }
    }

    init(_ flaw: Flaw, process: String, _ base: PaymentService) {
        self.flaw = flaw
        self.process = process
        self.base = base
    }

    func createPayment(_ order: PaymentOrder) async throws(DomainError) -> PaymentReceipt {
        switch self.flaw {
        case .answersByKey: try await self.answerByKey(order)
        case .knowsOwnKeys: try await self.answerAsNew(order)
        case .answersUnderWay: try await self.answerUnderWay(order)
        }
    }

    func payment(
        _ paymentID: PaymentID,
        owner: Subject?
    ) async throws(DomainError) -> PaymentHistory {
        try await self.base.payment(paymentID, owner: owner)
    }

    private func answerByKey(_ order: PaymentOrder) async throws(DomainError) -> PaymentReceipt {
        let key = order.key?.text ?? order.orderID.text
        if let known = self.memory.state.withLock({ $0.answers[key] }) {
            return PaymentReceipt(payment: known.payment, isReplay: true)
        }
        let receipt = try await self.base.createPayment(order)
        self.memory.state.withLock { $0.answers[key] = receipt }
        return receipt
    }

    /// Names the payment by the process too: unique, and so another one elsewhere.
    private func answerAsNew(_ order: PaymentOrder) async throws(DomainError) -> PaymentReceipt {
        let name = "\(order.key?.text ?? order.orderID.text).\(self.process)"
        let own = PaymentOrder(
            orderID: order.orderID,
            amount: order.amount,
            method: order.method,
            subject: order.subject,
            key: try IdempotencyKey(name)
        )
        return try await self.base.createPayment(own)
    }

    private func answerUnderWay(_ order: PaymentOrder) async throws(DomainError) -> PaymentReceipt {
        let name = "\(order.subject.text) \(order.key?.text ?? order.orderID.text)"
        let payment = Payment(
            paymentID: IDDerivation.sha256.paymentID(for: order),
            orderID: order.orderID,
            amount: order.amount,
            method: order.method,
            status: .captured
        )
        let first = self.memory.state.withLock { state -> Payment? in
            let first = state.underWay[name]
            if first == nil { state.underWay[name] = payment }
            return first
        }
        if let first { return PaymentReceipt(payment: first, isReplay: true) }
        defer { self.memory.state.withLock { $0.underWay[name] = nil } }
        return try await self.base.createPayment(order)
    }
}
