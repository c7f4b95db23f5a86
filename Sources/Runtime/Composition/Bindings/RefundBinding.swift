package import Domain
import ServiceMessages
import SwiftProtobuf
package import TransportCore

/// Where the refund service meets its wire: `refund.RefundService`.
package enum RefundBinding {
    package static let service = "refund.RefundService"

    static let createRefund = Method<Refund_CreateRefundRequest, Refund_CreateRefundResponse>(
        "\(service)/CreateRefund"
    )

    /// What each method asks of a service token.
    package static let access: [String: Access] = [createRefund.name: .scope("refund:write")]

    /// The methods, answered by `refunds`.
    package static func methods(_ refunds: any RefundGiving) -> [RegisteredMethod] {
        [
            .domain(createRefund) { request, call throws(DomainError) in
                let order = try RefundOrder(
                    paymentID: request.paymentID,
                    amount: request.hasAmount ? request.amount : nil,
                    reason: request.reason,
                    subject: call.subject(or: request.subject),
                    key: request.idempotencyKey,
                    owner: request.owner
                )
                return Refund_CreateRefundResponse(
                    try await refunds.createRefund(order, within: IncomingCall.serviceTime)
                )
            }
        ]
    }
}

/// The refund service, behind a channel.
package struct RefundClient: RefundGiving {
    private let channel: any Channel

    package init(_ channel: any Channel) { self.channel = channel }

    package func createRefund(
        _ order: RefundOrder,
        within: Duration
    ) async throws(DomainError) -> RefundReceipt {
        let response = try await self.channel.ask(RefundBinding.createRefund, within: within) {
            $0.paymentID = order.paymentID.text
            if let amount = order.amount { $0.amount = amount }
            $0.reason = order.reason.text
            $0.subject = order.subject.text
            $0.idempotencyKey = order.key.text
            $0.owner = order.owner?.text ?? ""
        }
        let refund = Refund(
            refundID: try RefundID(response.refundID),
            paymentID: try PaymentID(response.paymentID),
            amount: try .recorded(response.amount, response.currency),
            reason: order.reason
        )
        return RefundReceipt(
            refund: refund,
            remaining: response.remaining,
            isReplay: response.replayed
        )
    }
}

extension Refund_CreateRefundResponse {
    fileprivate init(_ receipt: RefundReceipt) {
        self.init()
        self.refundID = receipt.refund.refundID.text
        self.paymentID = receipt.refund.paymentID.text
        self.amount = receipt.refund.amount.minorUnits
        self.currency = receipt.refund.amount.currency.code
        self.status = receipt.status.rawValue
        self.remaining = receipt.remaining
        self.replayed = receipt.isReplay
    }
}
