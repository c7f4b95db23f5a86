package import Domain
import ServiceMessages
import SwiftProtobuf
package import TransportCore

/// The gRPC service `payment.PaymentService`.
package enum PaymentBinding {
    package static let service = "payment.PaymentService"

    static let createPayment = Method<Payment_CreatePaymentRequest, Payment_CreatePaymentResponse>(
        "\(service)/CreatePayment"
    )
    static let getPayment = Method<Payment_GetPaymentRequest, Payment_GetPaymentResponse>(
        "\(service)/GetPayment"
    )

    /// The access rule of each method.
    package static let access: [String: Access] = [
        createPayment.name: .scope(Scope.paymentWrite),
        getPayment.name: .scope(Scope.paymentRead),
    ]

    /// The methods, served by `payments`.
    package static func methods(
        _ payments: any PaymentTaking,
        defaultCurrency: Currency
    ) -> [RegisteredMethod] {
        [
            .domain(createPayment) { request, call throws(DomainError) in
                let order = try PaymentOrder(
                    orderID: request.orderID,
                    amount: request.amount,
                    currency: request.currency,
                    method: request.method,
                    subject: call.subject(or: request.subject),
                    key: request.idempotencyKey,
                    defaultCurrency: defaultCurrency
                )
                let receipt = try await payments.createPayment(order)
                return .with {
                    $0.payment = Payment_Payment(receipt.payment)
                    $0.replayed = receipt.isReplay
                }
            },
            .domain(getPayment) { request, _ throws(DomainError) in
                let history = try await payments.payment(
                    try PaymentID(request.paymentID),
                    owner: try Subject.unlessEmpty(request.owner)
                )
                return Payment_GetPaymentResponse(history)
            },
        ]
    }
}

/// A client of the payment service.
package struct PaymentClient: PaymentTaking {
    private let channel: any Channel

    package init(_ channel: any Channel) { self.channel = channel }

    package func createPayment(_ order: PaymentOrder) async throws(DomainError) -> PaymentReceipt {
        try await self.channel.ask(PaymentBinding.createPayment, effect: .write) {
            $0.orderID = order.orderID.text
            $0.amount = order.amount.minorUnits
            $0.currency = order.amount.currency.code
            $0.method = order.method.rawValue
            $0.subject = order.subject.text
            $0.idempotencyKey = order.key?.text ?? ""
        } read: { response throws(DomainError) in
            PaymentReceipt(payment: try response.payment.payment, isReplay: response.replayed)
        }
    }

    package func payment(
        _ paymentID: PaymentID,
        owner: Subject?
    ) async throws(DomainError) -> PaymentHistory {
        try await self.channel.ask(PaymentBinding.getPayment, effect: .read) {
            $0.paymentID = paymentID.text
            $0.owner = owner?.text ?? ""
        } read: { response throws(DomainError) in
            try response.history
        }
    }
}

extension Payment_Payment {
    fileprivate init(_ payment: Payment) {
        self.init()
        self.paymentID = payment.paymentID.text
        self.orderID = payment.orderID?.text ?? ""
        self.amount = payment.amount.minorUnits
        self.currency = payment.amount.currency.code
        self.method = payment.method.rawValue
        self.status = payment.status.rawValue
    }

    fileprivate var payment: Payment {
        get throws(DomainError) {
            Payment(
                paymentID: try PaymentID(self.paymentID),
                orderID: try OrderID.unlessEmpty(self.orderID),
                amount: try .recorded(self.amount, self.currency),
                method: try PaymentMethod(name: self.method),
                status: try DomainError.unreadable(PaymentStatus(rawValue: self.status))
            )
        }
    }
}

extension Payment_GetPaymentResponse {
    fileprivate init(_ history: PaymentHistory) {
        self.init()
        self.payment = Payment_Payment(history.payment)
        self.refunds = history.refunds.map { refund in
            .with {
                $0.refundID = refund.refundID.text
                $0.amount = refund.amount.minorUnits
                $0.reason = refund.reason.text
            }
        }
        self.remaining = history.remaining
    }

    fileprivate var history: PaymentHistory {
        get throws(DomainError) {
            let payment = try self.payment.payment
            var refunds: [Refund] = []
            for refund in self.refunds {
                refunds.append(
                    Refund(
                        refundID: try RefundID(refund.refundID),
                        paymentID: payment.paymentID,
                        amount: try Amount(
                            minorUnits: refund.amount,
                            currency: payment.amount.currency
                        ),
                        reason: try Reason(refund.reason)
                    )
                )
            }
            return PaymentHistory(payment: payment, refunds: refunds, remaining: self.remaining)
        }
    }
}
