import StrictJSON

extension Action {
    /// Refunds a payment.
    ///
    /// An admin may refund every payment, other callers only their own.
    package static func createRefund(over refunds: any RefundGiving) -> Action {
        Action(
            name: "create_refund",
            service: "refund.RefundService",
            method: "CreateRefund",
            scope: Scope.refundWrite,
            timeout: .seconds(5),
            summary: "Refund a payment, in part or all that remains",
            fields: [.paymentID, .amount(isRequired: false), .reason],
            answer: AnswerField.refund
        ) { call throws(DomainError) in
            let madeKey = call.key == nil ? try call.makeKey() : nil
            let order = try RefundOrder(call, key: ActionCall.required(call.key ?? madeKey))
            return ActionPlan(
                concerning: order.paymentID,
                madeKey: madeKey
            ) { () throws(DomainError) in
                let receipt = try await refunds.createRefund(order)
                return ActionAnswer(
                    .object(JSONObject(distinct: receipt.members)),
                    isReplay: receipt.isReplay
                )
            }
        }
    }
}

extension ActionCall {
    /// An idempotency key for this call alone: internal retries share it, the client's next call
    /// gets another.
    fileprivate func makeKey() throws(DomainError) -> IdempotencyKey {
        guard let key = try? IdempotencyKey(self.freshKey()) else { throw .internalFault }
        return key
    }
}

extension RefundOrder {
    fileprivate init(_ call: ActionCall, key: IdempotencyKey) throws(DomainError) {
        try self.init(
            id: key,
            paymentID: ActionCall.required(call.fields.checked(PaymentIDField.self)),
            amount: call.fields.integer("amount"),
            reason: call.fields.checked(ReasonField.self) ?? Reason(trusted: ""),
            subject: call.principal.subject,
            owner: call.principal.owner
        )
    }
}

extension RefundReceipt {
    fileprivate var members: [JSONObject.Member] {
        [
            .init("refund_id", .string(self.refund.refundID.text)),
            .init("payment_id", .string(self.refund.paymentID.text)),
            .init("amount", .integer(self.refund.amount.minorUnits)),
            .init("currency", .string(self.refund.amount.currency.code)),
            .init("status", .string(self.status.rawValue)),
            .init("remaining", .integer(self.remaining)),
        ]
    }
}
