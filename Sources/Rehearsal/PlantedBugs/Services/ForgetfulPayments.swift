import Composition
import Domain
import Synchronization

/// A payment service that keeps in its own memory what only the ledger can keep.
struct ForgetfulPayments: PaymentTaking {
    enum Flaw {
        /// Every caller who sends a key gets the answer to that key, whoever sent it first.
        case answersByKey
        /// Each process knows only the keys that it has seen itself.
        case knowsOwnKeys
        /// A repeated request is acknowledged while the first one is in flight.
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

    /// Adds the process to the key, so that every process derives another payment id.
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
