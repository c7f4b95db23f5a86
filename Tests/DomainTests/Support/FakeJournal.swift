import Domain

/// A journal that fails every request.
struct FailingJournal: Journal {
    let error: JournalError

    func append(_ capture: Capture) async throws(JournalError) -> CaptureOutcome {
        throw self.error
    }

    func append(_ draft: RefundDraft) async throws(JournalError) -> RefundOutcome {
        throw self.error
    }

    func history(of paymentID: PaymentID) async throws(JournalError) -> CaptureHistory? {
        throw self.error
    }

    func balance(
        of account: Account,
        in currency: Currency
    ) async throws(JournalError) -> Balance {
        throw self.error
    }

    func entries(after sequence: UInt64, limit: Int) async throws(JournalError) -> [ChainedEntry] {
        throw self.error
    }

    func awaitEntries(after sequence: UInt64) async {}

    func releaseWaiters() {}

    func run(reporting report: @escaping @Sendable (JournalStatus) -> Void) async {
        report(.lost(reason: "it only fails"))
    }
}
