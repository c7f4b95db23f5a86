package import Domain

/// One connection to an engine that keeps a journal.
///
/// All it does blocks the thread that asks; it is in the hands of one at a time. An error other
/// than `full` means that it is broken: it is closed, and another one is opened.
package protocol JournalConnection: AnyObject {
    /// Judges every write by ``LedgerRules`` and by those before it in the batch, and writes what
    /// is to be recorded, all in one transaction.
    ///
    /// - Returns: a verdict for each write, in their order, when what they say is durable, and what
    ///   they rest on too: a replay waits like the first. What one of them is refused for does not
    ///   touch the others.
    /// - Throws: when nothing is known of any of them (`outcomeUnknown`), or nothing was written.
    func commit(
        _ batch: [JournalWrite]
    ) throws(JournalError) -> [Result<JournalVerdict, JournalError>]

    func history(of paymentID: PaymentID) throws(JournalError) -> CaptureHistory?

    func balance(of account: Account, in currency: Currency) throws(JournalError) -> Balance

    /// At most `limit` entries that follow `sequence`, in order, each of whose seals is whole.
    func entries(after sequence: UInt64, limit: Int) throws(JournalError) -> [SealedEntry]

    /// At most `limit` movements of entries that follow `sequence`, in order; no seal is checked.
    func movements(after sequence: UInt64, limit: Int) throws(JournalError) -> [Movement]

    /// The last entry that the commits of this connection have made durable, or found so.
    var durableHead: JournalHead { get }

    /// The last entry that the answer to the last question rests on, where a reader may see what is
    /// not durable yet; 0 where it may not.
    var seenSequence: UInt64 { get }

    /// Whether an operator has accepted that the entry of `head`, which was acknowledged, is lost.
    func hasAccepted(lossOf head: JournalHead) throws(JournalError) -> Bool

    /// Checks what only the engine can check of its store, all of it.
    ///
    /// - Returns: the first thing that is wrong, and where; nil when nothing is.
    func checkStore() throws(JournalError) -> String?

    /// Whether it could commit now; asked when there is nothing to commit.
    ///
    /// - Throws: when a commit would fail, or the connection is broken.
    func probe() throws(JournalError)

    /// What was wrong the last time that something was, for operators.
    var failure: ConnectionFailure? { get }

    /// Gives everything back; the connection answers nothing any more.
    func close()
}

extension JournalConnection {
    package func probe() throws(JournalError) {}

    package var failure: ConnectionFailure? { nil }
}

/// Why a connection failed.
package struct ConnectionFailure: Hashable, Sendable {
    /// In words for a log, with the code that the engine gave.
    package let reason: String
    /// Whether the connection ended before anything could be written, so that another one may do
    /// the same at once.
    package let isRepeatable: Bool

    package init(_ reason: String, isRepeatable: Bool = false) {
        self.reason = reason
        self.isRepeatable = isRepeatable
    }
}

/// What an engine is asked to write.
package enum JournalWrite: Hashable, Sendable {
    case capture(Capture)
    case refund(RefundDraft)
}

/// What became of a write.
package enum JournalVerdict: Hashable, Sendable {
    case capture(CaptureOutcome)
    case refund(RefundOutcome)

    /// The entry that is new.
    package var recorded: Entry? {
        switch self {
        case .capture(.recorded(let entry)), .refund(.recorded(let entry, _)): entry
        default: nil
        }
    }
}

/// Where connections to a journal are opened.
package protocol JournalEngine: Sendable {
    /// Opens the connection that writes. It recovers what a crash left, and makes the journal when
    /// there is none.
    func openWriter() throws(JournalOpenError) -> any JournalConnection

    /// Opens a connection that only reads, beside the one that writes.
    func openReader() throws(JournalOpenError) -> any JournalConnection

    /// Returns when what the device did last has taken its time.
    ///
    /// A real device blocks its caller instead, so that there is nothing to wait for.
    func settle(_ work: JournalWork) async

    /// Looks up where the store is, as far as that takes time; connections are opened afterwards.
    func locate() async

    /// Waits until a connection that has nothing to commit is looked at again; nil where it cannot
    /// break while nobody uses it.
    var waitForProbe: (@Sendable () async -> Void)? { get }

    /// Waits before the store is tried again, for the `attempt`-th time in a row.
    func waitBeforeReopening(_ attempt: Int) async throws

    /// Waits as long as entries that other processes append may stay unseen; nil when no other
    /// process appends.
    var waitForOthers: (@Sendable () async -> Void)? { get }
}

extension JournalEngine {
    package var waitForOthers: (@Sendable () async -> Void)? { nil }

    package func locate() async {}

    package var waitForProbe: (@Sendable () async -> Void)? { nil }
}

/// What the device of an engine was asked for.
package enum JournalWork: Hashable, Sendable {
    /// A commit, or what opening took.
    case writing
    /// A read, which waits for no commit.
    case reading
}

/// Why no connection could be opened.
package enum JournalOpenError: Error, Hashable, Sendable {
    /// The store cannot be reached now; the reason is for operators.
    case unavailable(reason: String)
    /// Somebody has to act; the reason says what is wrong, where, and what to do.
    case refused(reason: String)
}
