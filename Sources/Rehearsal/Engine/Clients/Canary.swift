import Composition
import Domain
import ServiceMessages
import SwiftProtobuf
import TransportCore

/// A call that changes nothing, to see whether a service that says SERVING does serve.
struct Canary {
    /// A payment that does not exist.
    static let paymentID = "pay_canary"

    private let service: ServiceName
    private let context: RunContext

    init(_ service: ServiceName, _ context: RunContext) {
        self.service = service
        self.context = context
    }

    /// The result of the call.
    enum Answer {
        /// The service answered as only a working one can: there is no such payment.
        case proof
        /// The service claims to serve, and does not.
        case failure
        /// The gate in front of the service says NOT_SERVING.
        case refusedByGate
        /// No answer of its own came, or only that the probe's token is not good there now.
        case unknown

        var hasSucceeded: Bool? {
            switch self {
            case .proof: true
            case .failure: false
            case .refusedByGate, .unknown: nil
            }
        }
    }

    /// Makes the call over `channel`.
    func answer(over channel: any Channel) async -> Answer {
        guard let call = Inquiry(self.context).call(self.service, self.method),
            let message = self.message
        else { return .unknown }
        do throws(RPCError) {
            _ = try await channel.unary(call, message)
            return .failure
        } catch {
            return self.answer(error)
        }
    }

    /// While faults are on, a service that asks the ledger may fail because of it or of the link to it.
    private func answer(_ error: RPCError) -> Answer {
        let isAlone = self.service == .ledger || self.context.injector.isHealed
        switch error.code {
        case .notFound: return .proof
        case .deadlineExceeded: return self.context.injector.isHealed ? .failure : .unknown
        case .unauthenticated, .cancelled: return .unknown
        case .unavailable where error.reason == HealthGate.reason: return .refusedByGate
        case .unavailable where error.reason == nil: return .unknown
        default: return isAlone ? .failure : .unknown
        }
    }

    private var method: String {
        switch self.service {
        case .ledger: "\(LedgerBinding.service)/GetTransaction"
        case .refund: "\(RefundBinding.service)/CreateRefund"
        default: "\(PaymentBinding.service)/GetPayment"
        }
    }

    private var message: [UInt8]? {
        switch self.service {
        case .ledger:
            return try? Ledger_GetTransactionRequest.with { $0.paymentID = Self.paymentID }
                .wireBytes()
        case .refund:
            return try? Refund_CreateRefundRequest.with {
                $0.paymentID = Self.paymentID
                $0.subject = "canary"
                $0.idempotencyKey = "canary"
            }.wireBytes()
        default:
            return try? Payment_GetPaymentRequest.with { $0.paymentID = Self.paymentID }.wireBytes()
        }
    }
}
