import StrictJSON

extension Action {
    /// Takes a payment for the caller.
    package static func createPayment(
        over payments: any PaymentTaking,
        derivation: IDDerivation,
        defaultCurrency: Currency
    ) -> Action {
        Action(
            name: "create_payment",
            service: "payment.PaymentService",
            method: "CreatePayment",
            scope: Scope.paymentWrite,
            timeout: .seconds(5),
            summary: "Take a payment",
            fields: [.orderID, .amount(isRequired: true), .currency, .method],
            answer: AnswerField.payment
        ) { call throws(DomainError) in
            let order = try PaymentOrder(call, defaultCurrency: defaultCurrency)
            let paymentID = derivation.paymentID(for: order)
            return ActionPlan(concerning: paymentID) { () throws(DomainError) in
                let receipt = try await payments.createPayment(order)
                return ActionAnswer(
                    .object(JSONObject(distinct: receipt.payment.members)),
                    isReplay: receipt.isReplay
                )
            }
        }
    }

    /// Returns one payment with its refunds.
    ///
    /// An admin sees every payment, other callers only their own.
    package static func getPayment(over payments: any PaymentTaking) -> Action {
        Action(
            name: "get_payment",
            service: "payment.PaymentService",
            method: "GetPayment",
            scope: Scope.paymentRead,
            timeout: .seconds(2),
            summary: "Show a payment with its refunds",
            fields: [.paymentID],
            answer: AnswerField.paymentHistory
        ) { call throws(DomainError) in
            let paymentID = try ActionCall.required(call.fields.checked(PaymentIDField.self))
            let owner = call.principal.owner
            return ActionPlan(concerning: paymentID) { () throws(DomainError) in
                let history = try await payments.payment(paymentID, owner: owner)
                return ActionAnswer(.object(JSONObject(distinct: history.members)))
            }
        }
    }
}

extension PaymentOrder {
    fileprivate init(_ call: ActionCall, defaultCurrency: Currency) throws(DomainError) {
        let fields = call.fields
        self.init(
            orderID: try ActionCall.required(fields.checked(OrderIDField.self)),
            amount: try Amount(
                minorUnits: try ActionCall.required(fields.integer("amount")),
                currency: fields.currency("currency") ?? defaultCurrency
            ),
            method: try PaymentMethod(name: fields.text("method")),
            subject: call.principal.subject,
            key: call.key
        )
    }
}

extension Payment {
    fileprivate var members: [JSONObject.Member] {
        [
            .init("payment_id", .string(self.paymentID.text)),
            .init("order_id", .string(self.orderID?.text ?? "")),
            .init("amount", .integer(self.amount.minorUnits)),
            .init("currency", .string(self.amount.currency.code)),
            .init("method", .string(self.method.rawValue)),
            .init("status", .string(self.status.rawValue)),
        ]
    }
}

extension PaymentHistory {
    fileprivate var members: [JSONObject.Member] {
        let refunds = self.refunds.map { refund -> JSONValue in
            [
                "refund_id": .string(refund.refundID.text),
                "amount": .integer(refund.amount.minorUnits),
                "reason": .string(refund.reason.text),
            ]
        }
        return self.payment.members + [
            .init("refunds", .array(refunds)),
            .init("remaining", .integer(self.remaining)),
        ]
    }
}
