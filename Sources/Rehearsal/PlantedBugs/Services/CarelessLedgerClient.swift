import Domain
import Synchronization

/// A ledger client with a flaw.
struct CarelessLedgerClient: LedgerKeeping {
    enum Flaw {
        /// A call with a lost answer is reported as not done.
        case unknownIsUnavailable
        /// A call with a lost answer is reported as an internal error.
        case unknownIsFault
        /// A call to an unavailable ledger is reported as done.
        case unavailableIsDone
        /// No receipt says that it is a replay.
        case neverReplay
        /// Every receipt says that it is a replay.
        case alwaysReplay
        /// A payment whose answer was lost is repeated under another id.
        case asksAgainUnderFreshID
        /// A payment is read once and never again.
        case remembersReads
        /// A conflicting entry under the same id is returned as a replay.
        case conflictIsReplay
    }

    let flaw: Flaw
    let base: any LedgerKeeping
    private let remembered = Remembered()

    private final class Remembered: Sendable {
        let histories = Mutex<[PaymentID: CaptureHistory]>([:])
    }

    init(_ flaw: Flaw, _ base: any LedgerKeeping) {
        self.flaw = flaw
        self.base = base
    }

    func record(_ capture: Capture) async throws(DomainError) -> CaptureReceipt {
        do throws(DomainError) {
            let receipt = try await self.base.record(capture)
            return CaptureReceipt(
                capture: receipt.capture,
                isReplay: self.retold(isReplay: receipt.isReplay)
            )
        } catch {
            return try await self.record(capture, after: error)
        }
    }

    func record(_ draft: RefundDraft) async throws(DomainError) -> RefundReceipt {
        do throws(DomainError) {
            let receipt = try await self.base.record(draft)
            return RefundReceipt(
                refund: receipt.refund,
                remaining: receipt.remaining,
                isReplay: self.retold(isReplay: receipt.isReplay)
            )
        } catch {
            throw self.retold(error)
        }
    }

    func history(
        of paymentID: PaymentID,
        owner: Subject?
    ) async throws(DomainError) -> CaptureHistory {
        guard self.flaw == .remembersReads else {
            return try await self.base.history(of: paymentID, owner: owner)
        }
        if let known = self.remembered.histories.withLock({ $0[paymentID] }) { return known }
        let history = try await self.base.history(of: paymentID, owner: owner)
        self.remembered.histories.withLock { $0[paymentID] = history }
        return history
    }

    private func record(
        _ capture: Capture,
        after error: DomainError
    ) async throws(DomainError) -> CaptureReceipt {
        switch (self.flaw, error) {
        case (.unavailableIsDone, .unavailable):
            return CaptureReceipt(capture: capture, isReplay: false)
        case (.asksAgainUnderFreshID, .outcomeUnknown):
            return try await self.base.record(try capture.underFreshID)
        case (.conflictIsReplay, .conflict):
            let known = try await self.base.history(of: capture.paymentID, owner: nil)
            return CaptureReceipt(capture: known.capture, isReplay: true)
        default: throw self.retold(error)
        }
    }

    private func retold(isReplay: Bool) -> Bool {
        switch self.flaw {
        case .neverReplay: false
        case .alwaysReplay: true
        default: isReplay
        }
    }

    private func retold(_ error: DomainError) -> DomainError {
        switch (self.flaw, error) {
        case (.unknownIsUnavailable, .outcomeUnknown): .unavailable(retryAfter: nil)
        case (.unknownIsFault, .outcomeUnknown): .internalFault
        default: error
        }
    }
}

extension Capture {
    fileprivate var underFreshID: Capture {
        get throws(DomainError) {
            Capture(
                paymentID: try PaymentID(self.paymentID.text + "-again"),
                amount: self.amount,
                method: self.method,
                orderID: self.orderID,
                subject: self.subject
            )
        }
    }
}
