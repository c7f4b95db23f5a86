/// A durable, ordered store of the ledger's entries.
///
/// An append decides by ``LedgerRules`` and writes in one step: two appends never decide on the
/// same state. It returns `recorded` only once the entry is durable. Cancelling does not undo an
/// append that has begun.
package protocol Journal: Sendable {
    func append(_ capture: Capture) async throws(JournalError) -> CaptureOutcome

    func append(_ draft: RefundDraft) async throws(JournalError) -> RefundOutcome

    /// The capture of this id with its refunds, for any owner; nil if unknown.
    func history(of paymentID: PaymentID) async throws(JournalError) -> CaptureHistory?

    func balance(
        of account: Account,
        in currency: Currency
    ) async throws(JournalError) -> Balance

    /// At most `limit` entries after `sequence`, in order.
    func entries(
        after sequence: UInt64,
        limit: Int
    ) async throws(JournalError) -> [ChainedEntry]

    /// Suspends until entries after `sequence` may exist or the task is cancelled; may return
    /// early.
    func awaitEntries(after sequence: UInt64) async

    /// Resumes every waiter of ``awaitEntries(after:)``, now and in future.
    func releaseWaiters()

    /// Runs the engine until the task is cancelled, then answers the pending requests and returns.
    ///
    /// Before and after, every request fails as `unavailable`.
    ///
    /// - Parameter report: Called whenever the status changes.
    func run(reporting report: @escaping @Sendable (JournalStatus) -> Void) async
}

/// The state of a journal.
package enum JournalStatus: Hashable, Sendable {
    /// Recovered and able to answer.
    case ready
    /// Out of space: serves reads and refuses writes until a write finds room again. The reason
    /// names the place.
    case full(reason: String)
    /// The store is lost; the engine tries to reach it again.
    case lost(reason: String)
    /// An operator must act; the engine checks again at intervals. The reason says what is wrong,
    /// where, and what to do.
    case refused(reason: String)

    /// True if reads are answered: a full disk stops only writes.
    package var answers: Bool {
        switch self {
        case .ready, .full: true
        case .lost, .refused: false
        }
    }
}

/// Reasons why a journal could not answer.
package enum JournalError: Error, Hashable, Sendable {
    /// The store is unreachable, and nothing was written. Retry.
    case unavailable
    /// The store was lost during a write, which may be durable. Retry.
    case outcomeUnknown
    /// The disk or the 64 bits of a balance are full; nothing was written. The reason is for
    /// operators.
    case full(reason: String)
    /// The write queue is full; nothing was written. Retry.
    case overloaded
    /// The store contains data that no ledger could have written; the reason is for operators.
    case corrupt(reason: String)

    package var isFull: Bool { if case .full = self { true } else { false } }
}

/// The result of appending a capture.
package enum CaptureOutcome: Hashable, Sendable {
    case recorded(Entry)
    /// The same capture exists already, as this entry.
    case alreadyRecorded(Entry)
    /// The id exists with another value of `field`.
    case conflict(field: String)
}

/// The result of appending a refund.
package enum RefundOutcome: Hashable, Sendable {
    case recorded(Entry, RefundRecord)
    /// The same refund exists already, as this entry.
    case alreadyRecorded(Entry, RefundRecord)
    /// The id exists with another value of `field`.
    case conflict(field: String)
    /// No such capture, or not the owner's.
    case unknownPayment
    /// The refund asks for more than `remaining`, in minor units.
    case exceedsRemaining(remaining: Int64)
    /// Nothing remains to be refunded.
    case alreadyRefunded
    /// The payment has reached its limit of refunds; the last one must take all of `remaining`.
    case tooMany(remaining: Int64)
}
