package import Domain
import ServiceMessages
import SwiftProtobuf
package import TransportCore

/// The gRPC service `refund.RefundService`.
package enum RefundBinding {
    package static let service = "refund.RefundService"

    static let createRefund = Method<Refund_CreateRefundRequest, Refund_CreateRefundResponse>(
        "\(service)/CreateRefund"
    )

    /// The access rule of each method.
    package static let access: [String: Access] = [createRefund.name: .scope(Scope.refundWrite)]

    /// The methods, served by `refunds`.
    package static func methods(_ refunds: any RefundGiving) -> [RegisteredMethod] {
        [
            .domain(createRefund) { request, call throws(DomainError) in
                let order = try RefundOrder(
                    id: request.idempotencyKey,
                    paymentID: request.paymentID,
                    amount: request.hasAmount ? request.amount : nil,
                    reason: request.reason,
                    subject: call.subject(or: request.subject),
                    owner: request.owner
                )
                return Refund_CreateRefundResponse(
                    try await refunds.createRefund(order)
                )
            }
        ]
    }
}

/// A client of the refund service.
package struct RefundClient: RefundGiving {
    private let channel: any Channel

    package init(_ channel: any Channel) { self.channel = channel }

    package func createRefund(_ order: RefundOrder) async throws(DomainError) -> RefundReceipt {
        try await self.channel.ask(RefundBinding.createRefund, effect: .write) {
            $0.paymentID = order.paymentID.text
            if let amount = order.amount { $0.amount = amount }
            $0.reason = order.reason.text
            $0.subject = order.subject.text
            $0.idempotencyKey = order.id.text
            $0.owner = order.owner?.text ?? ""
        } read: { response throws(DomainError) in
            try response.receipt(for: order)
        }
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

    /// The receipt for `order`, whose reason the message does not repeat.
    fileprivate func receipt(for order: RefundOrder) throws(DomainError) -> RefundReceipt {
        RefundReceipt(
            refund: Refund(
                refundID: try RefundID(self.refundID),
                paymentID: try PaymentID(self.paymentID),
                amount: try .recorded(self.amount, self.currency),
                reason: order.reason
            ),
            remaining: self.remaining,
            isReplay: self.replayed
        )
    }
}
