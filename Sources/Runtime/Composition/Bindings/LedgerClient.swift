package import Domain
import ServiceMessages
package import TransportCore

/// A client of the ledger service.
package struct LedgerClient: LedgerKeeping {
    private let channel: any Channel

    package init(_ channel: any Channel) { self.channel = channel }

    package func record(_ capture: Capture) async throws(DomainError) -> CaptureReceipt {
        try await self.channel.ask(
            LedgerBinding.recordTransaction,
            effect: .write
        ) {
            $0.paymentID = capture.paymentID.text
            $0.amount = capture.amount.minorUnits
            $0.currency = capture.amount.currency.code
            $0.method = capture.method.rawValue
            $0.orderID = capture.orderID?.text ?? ""
            $0.subject = capture.subject.text
        } read: { response throws(DomainError) in
            CaptureReceipt(
                capture: try response.transaction.capture,
                isReplay: response.alreadyRecorded
            )
        }
    }

    package func record(_ draft: RefundDraft) async throws(DomainError) -> RefundReceipt {
        try await self.channel.ask(LedgerBinding.recordRefund, effect: .write) {
            $0.refundID = draft.id.text
            $0.paymentID = draft.paymentID.text
            if let amount = draft.amount { $0.amount = amount }
            $0.reason = draft.reason.text
            $0.subject = draft.subject.text
            $0.owner = draft.owner?.text ?? ""
        } read: { response throws(DomainError) in
            try response.receipt
        }
    }

    package func history(
        of paymentID: PaymentID,
        owner: Subject?
    ) async throws(DomainError) -> CaptureHistory {
        try await self.channel.ask(LedgerBinding.getTransaction, effect: .read) {
            $0.paymentID = paymentID.text
            $0.owner = owner?.text ?? ""
        } read: { response throws(DomainError) in
            try response.history
        }
    }
}
