package import Domain

/// A connection to a journal's store.
///
/// Every method blocks its thread; a connection is used by one thread at a time. After an error
/// other than `full` the connection is broken and must be replaced.
package protocol JournalConnection: AnyObject {
    /// Decides on every write by ``LedgerRules``, after those before it in the batch, and writes
    /// the new entries in one transaction.
    ///
    /// - Returns: A result for each write, in order, once it and everything it rests on is durable:
    ///   a replay waits like the first attempt. An error of one write does not affect the others.
    ///
    /// - Throws: `outcomeUnknown` if the writes may be durable; any other error if nothing was
    ///   written.
    func commit(
        _ batch: [JournalWrite]
    ) throws(JournalError) -> [Result<JournalVerdict, JournalError>]

    func history(of paymentID: PaymentID) throws(JournalError) -> CaptureHistory?

    func balance(of account: Account, in currency: Currency) throws(JournalError) -> Balance

    /// At most `limit` entries after `sequence`, in order, with verified chain links.
    func entries(after sequence: UInt64, limit: Int) throws(JournalError) -> [ChainedEntry]

    /// At most `limit` movements of entries after `sequence`, in order, without verification.
    func movements(after sequence: UInt64, limit: Int) throws(JournalError) -> [Movement]

    /// The last entry that this connection's commits made or found durable.
    var durableHead: JournalHead { get }

    /// The last entry that the last answer depends on, if readers may see entries that are not yet
    /// durable; otherwise 0.
    var seenSequence: UInt64 { get }

    /// True if an operator has accepted the loss of the acknowledged entry `head`.
    func hasAccepted(lossOf head: JournalHead) throws(JournalError) -> Bool

    /// Checks the store by the engine's own means, completely.
    ///
    /// - Returns: The first violation and its place; nil if there is none.
    func checkStore() throws(JournalError) -> String?

    /// Checks that a commit could succeed now; called while idle.
    ///
    /// - Throws: If a commit would fail or the connection is broken.
    func probe() throws(JournalError)

    /// The last failure, for operators.
    var failure: ConnectionFailure? { get }

    /// Releases all resources; the connection must not be used afterwards.
    func close()
}

extension JournalConnection {
    package func probe() throws(JournalError) {}

    package var failure: ConnectionFailure? { nil }
}

/// The reason why a connection failed.
package struct ConnectionFailure: Hashable, Sendable {
    /// Text for a log, with the engine's error code.
    package let reason: String
    /// True if the connection ended before anything was written, so that the operation may be
    /// retried at once.
    package let isRepeatable: Bool

    package init(_ reason: String, isRepeatable: Bool = false) {
        self.reason = reason
        self.isRepeatable = isRepeatable
    }
}

/// A write requested of an engine.
package enum JournalWrite: Hashable, Sendable {
    case capture(Capture)
    case refund(RefundDraft)
}

/// The result of a write.
package enum JournalVerdict: Hashable, Sendable {
    case capture(CaptureOutcome)
    case refund(RefundOutcome)

    /// The new entry, if one was recorded.
    package var recorded: Entry? {
        switch self {
        case .capture(.recorded(let entry)), .refund(.recorded(let entry, _)): entry
        default: nil
        }
    }
}

/// Opens connections to a journal.
package protocol JournalEngine: Sendable {
    /// Opens the connection that writes.
    ///
    /// Recovers what a crash left and creates the journal if missing.
    func openWriter() throws(JournalOpenError) -> any JournalConnection

    /// Opens a read-only connection beside the writer.
    func openReader() throws(JournalOpenError) -> any JournalConnection

    /// Waits for a simulated device to finish its last operation.
    ///
    /// Returns at once for a real device, which blocks its caller instead.
    func settle(_ work: JournalWork) async

    /// Resolves the store's address, which may take time, before connections are opened.
    func locate() async

    /// Waits until the next check of an idle connection; nil if an idle connection cannot break.
    var waitForProbe: (@Sendable () async -> Void)? { get }

    /// Waits before the `attempt`-th consecutive try to reopen the store.
    func waitBeforeReopening(_ attempt: Int) async throws

    /// Waits for as long as other processes' entries may stay unnoticed; nil if no other process
    /// appends.
    var waitForOthers: (@Sendable () async -> Void)? { get }
}

extension JournalEngine {
    package var waitForOthers: (@Sendable () async -> Void)? { nil }

    package func locate() async {}

    package var waitForProbe: (@Sendable () async -> Void)? { nil }
}

/// The kind of a device operation.
package enum JournalWork: Hashable, Sendable {
    /// A commit or an opening.
    case writing
    /// A read, which waits for no commit.
    case reading
}

/// Reasons why no connection could be opened.
package enum JournalOpenError: Error, Hashable, Sendable {
    /// The store is unreachable at the moment; the reason is for operators.
    case unavailable(reason: String)
    /// An operator must act; the reason says what is wrong, where, and what to do.
    case refused(reason: String)
}
