/// Where the entries of the ledger are kept, in order and for good.
///
/// An engine decides and writes in one step, by the rules of ``LedgerRules``: two appends never
/// decide on the same state. It returns `recorded` only when the entry is durable. Cancelling does
/// not undo an append that the engine has begun.
package protocol Journal: Sendable {
    func append(_ capture: Capture) async throws(JournalError) -> CaptureOutcome

    func append(_ draft: RefundDraft) async throws(JournalError) -> RefundOutcome

    /// The capture of this id with its refunds, whoever owns it; nil when there is none.
    func history(of paymentID: PaymentID) async throws(JournalError) -> CaptureHistory?

    func balance(
        of account: Account,
        in currency: Currency
    ) async throws(JournalError) -> Balance

    /// At most `limit` entries that follow `sequence`, in order.
    func entries(
        after sequence: UInt64,
        limit: Int
    ) async throws(JournalError) -> [SealedEntry]

    /// Returns when there may be entries after `sequence`, when the caller is cancelled, and sooner
    /// for any reason.
    func awaitEntries(after sequence: UInt64) async

    /// Lets everybody go who waits for entries, now and from now on.
    func releaseWaiters()

    /// Keeps the engine at work, and returns when the task is cancelled and what was asked before
    /// is answered; until it is called, and after it has returned, everything is `unavailable`.
    ///
    /// - Parameter report: Is told when the engine can work, when it is lost, and when it is back.
    func run(reporting report: @escaping @Sendable (JournalStatus) -> Void) async
}

/// Whether a journal can work.
package enum JournalStatus: Hashable, Sendable {
    /// It has recovered what a crash left, and can be asked.
    case ready
    /// It has no room: it goes on reading and refuses writes, until one of them finds room again; the
    /// reason says where.
    case full(reason: String)
    /// It lost its store, and tries to get it back.
    case lost(reason: String)
    /// It cannot work before somebody acts, and looks now and then whether somebody has; the reason
    /// says what is wrong, where, and what to do.
    case refused(reason: String)

    /// True when questions are answered: a full disk is in the way of writes only.
    package var answers: Bool {
        switch self {
        case .ready, .full: true
        case .lost, .refused: false
        }
    }
}

/// Why a journal could not answer.
package enum JournalError: Error, Hashable, Sendable {
    /// The store cannot be reached, and nothing was written. Ask again.
    case unavailable
    /// The store was lost in the middle of a write, which is durable or not. Ask again.
    case outcomeUnknown
    /// No room, on the disk or in the 64 bits of a balance; nothing was written, and the reason is
    /// for operators.
    case full(reason: String)
    /// More is waiting to be written than the engine lets wait; nothing was written. Ask again.
    case overloaded
    /// The store holds what no ledger could have written; the reason is for operators.
    case corrupt(reason: String)

    package var isFull: Bool { if case .full = self { true } else { false } }
}

/// What became of a capture.
package enum CaptureOutcome: Hashable, Sendable {
    case recorded(Entry)
    /// The same capture was recorded before, by this entry.
    case alreadyRecorded(Entry)
    /// The id was recorded before with another value of `field`.
    case conflict(field: String)
}

/// What became of a refund.
package enum RefundOutcome: Hashable, Sendable {
    case recorded(Entry, RefundRecord)
    /// The same refund was recorded before, by this entry.
    case alreadyRecorded(Entry, RefundRecord)
    /// The id was recorded before with another value of `field`.
    case conflict(field: String)
    /// There is no such capture, or it is not the asker's.
    case unknownPayment
    /// More was asked than `remaining`, in minor units.
    case exceedsRemaining(remaining: Int64)
    /// Nothing remains.
    case alreadyRefunded
    /// The payment has had so many refunds that only one of all that remains is taken.
    case tooMany(remaining: Int64)
}
