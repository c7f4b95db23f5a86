package import Domain
import Synchronization

/// A journal over any engine: one writer that commits in groups, one reader beside it, and the
/// patience to get a lost store back.
///
/// Everything that blocks runs on the executors that were handed in, a thread each; without them,
/// in a simulation, it runs where the caller is.
package final class GroupCommitJournal: Journal {
    /// The most writes of one commit.
    package static let batchMax = 512

    /// The most writes that may wait for a commit.
    package static let waitingMax = 16_384

    private let engine: any JournalEngine
    private let writing: (any TaskExecutor)?
    private let reading: (any TaskExecutor)?
    private let watch: CommitWatch?
    private let watermark: Watermark
    private let queue = WriteQueue()
    private let signal = EntrySignal()
    private let reader = Mutex<ReaderSlot>(ReaderSlot())

    /// - Parameters:
    ///   - engine: Where the entries are.
    ///   - writing: Runs the writer; its thread may block.
    ///   - reading: Runs the reader; its thread may block.
    ///   - watch: Is told of every commit.
    ///   - watermark: Keeps the last acknowledged entry beyond the process; nil: it is forgotten.
    package init(
        _ engine: any JournalEngine,
        writing: (any TaskExecutor)?,
        reading: (any TaskExecutor)?,
        watch: CommitWatch? = nil,
        watermark: WatermarkStore? = nil
    ) {
        self.engine = engine
        self.watermark = Watermark(watermark)
        self.writing = writing
        self.reading = reading
        self.watch = watch
    }

    package func append(_ capture: Capture) async throws(JournalError) -> CaptureOutcome {
        try await withCheckedContinuation {
            self.queue.add(.capture(capture, $0), waitingMax: Self.waitingMax)
        }.get()
    }

    package func append(_ draft: RefundDraft) async throws(JournalError) -> RefundOutcome {
        try await withCheckedContinuation {
            self.queue.add(.refund(draft, $0), waitingMax: Self.waitingMax)
        }.get()
    }

    package func history(of paymentID: PaymentID) async throws(JournalError) -> CaptureHistory? {
        try await self.read { connection throws(JournalError) in
            try connection.history(of: paymentID)
        }
    }

    package func balance(
        of account: Account,
        in currency: Currency
    ) async throws(JournalError) -> Balance {
        try await self.read { connection throws(JournalError) in
            try connection.balance(of: account, in: currency)
        }
    }

    package func entries(
        after sequence: UInt64,
        limit: Int
    ) async throws(JournalError) -> [SealedEntry] {
        try await self.read { connection throws(JournalError) in
            try connection.entries(after: sequence, limit: limit)
        }
    }

    package func awaitEntries(after sequence: UInt64) async {
        guard let waitForOthers = self.engine.waitForOthers else {
            return await self.signal.wait(after: sequence)
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.signal.wait(after: sequence) }
            group.addTask { await waitForOthers() }
            await group.next()
            group.cancelAll()
        }
    }

    package func releaseWaiters() { self.signal.release() }

    package func run(reporting report: @escaping @Sendable (JournalStatus) -> Void) async {
        await withTaskExecutorPreference(self.writing) { await self.work(report) }
    }
}

extension GroupCommitJournal {
    private struct ReaderSlot {
        /// Whether there is a store to read from.
        var isOpen = false
        var connection: (any JournalConnection)?
    }

    /// On the writer's thread, never on the actor that asks: it may block.
    @concurrent
    private func work(_ report: @escaping @Sendable (JournalStatus) -> Void) async {
        var attempt = 0
        while !Task.isCancelled {
            attempt = await self.serve(report) ? 0 : attempt + 1
            try? await self.engine.waitBeforeReopening(attempt)
        }
    }

    /// Opens the store, and commits until the task is cancelled or the store is lost.
    ///
    /// - Returns: whether it could be opened.
    private func serve(
        _ report: @escaping @Sendable (JournalStatus) -> Void
    ) async -> Bool {
        let writer: any JournalConnection
        do throws(JournalOpenError) {
            writer = try self.engine.openWriter()
            try self.watermark.check(writer)
        } catch {
            report(JournalStatus(error))
            return false
        }
        await self.engine.settle(.writing)
        self.begin()
        report(.ready)
        let reason = await self.commit(to: writer, report)
        self.end()
        writer.close()
        if let reason { report(.lost(reason: reason)) }
        return true
    }

    private func begin() {
        self.reader.withLock { $0.isOpen = true }
        self.queue.open()
    }

    private func end() {
        self.queue.close()
        self.queue.fail(.unavailable)
        self.reader.withLock { slot in
            slot.isOpen = false
            slot.connection.take()?.close()
        }
        self.signal.wakeAll()
    }

    /// Commits batch after batch, and tells when the store becomes full and when it has room again.
    ///
    /// - Returns: why the store was lost; nil when the task was cancelled.
    private func commit(
        to writer: any JournalConnection,
        _ report: @Sendable (JournalStatus) -> Void
    ) async -> String? {
        var isFull = false
        while true {
            if Task.isCancelled { self.queue.close() }
            let batch = await self.queue.next(Self.batchMax)
            if batch.isEmpty { return nil }
            switch await self.commit(batch, to: writer) {
            case .success(0): break
            case .success:
                if isFull { report(.ready) }
                isFull = false
            case .failure(.full(let reason)):
                if !isFull { report(.full(reason: reason)) }
                isFull = true
            case .failure(let error): return "a commit failed: \(error)"
            }
        }
    }

    /// Commits one batch.
    ///
    /// - Returns: how many entries it recorded.
    private func commit(
        _ batch: [WaitingWrite],
        to writer: any JournalConnection
    ) async -> Result<Int, JournalError> {
        let answers: Result<[Result<JournalVerdict, JournalError>], JournalError>
        let start = self.watch?.clock()
        do throws(JournalError) {
            answers = .success(try writer.commit(batch.compactMap(\.write)))
            self.watermark.advance(to: writer.durableHead)
        } catch {
            answers = .failure(error)
        }
        let recorded = answers.map(\.recordedCount)
        if let start { self.watch?.ended(recorded, since: start) }
        await self.engine.settle(.writing)
        switch answers {
        case .success(let answers):
            var verdicts = answers.makeIterator()
            for write in batch { write.answer { verdicts.next() } }
            self.signal.announce(answers.lastSequence)
        case .failure(let error):
            for write in batch { write.fail(error) }
        }
        return recorded
    }

    private func read<Answer: Sendable>(
        _ question: @escaping @Sendable (any JournalConnection) throws(JournalError) -> Answer
    ) async throws(JournalError) -> Answer {
        let (answer, seen) = try await withTaskExecutorPreference(self.reading) {
            await self.answer(question)
        }.get()
        try await self.confirm(seen)
        return answer
    }

    /// Waits until what a reader saw is as durable as a commit: nobody is told of an entry that a
    /// failover may take away.
    private func confirm(_ sequence: UInt64) async throws(JournalError) {
        if sequence <= self.watermark.head.sequence { return }
        do throws(JournalError) {
            try await withCheckedContinuation {
                self.queue.add(.confirmation($0), waitingMax: Self.waitingMax)
            }.get()
        } catch {
            // Nothing was asked to be done.
            throw error == .outcomeUnknown ? .unavailable : error
        }
        guard sequence <= self.watermark.head.sequence else { throw .unavailable }
    }

    /// On the reader's thread, never on the actor that asks: it may block.
    @concurrent
    private func answer<Answer: Sendable>(
        _ question: @escaping @Sendable (any JournalConnection) throws(JournalError) -> Answer
    ) async -> Result<(Answer, UInt64), JournalError> {
        let answer = self.reader.withLock { self.ask(question, &$0) }
        await self.engine.settle(.reading)
        return answer
    }

    /// A reader that failed is opened anew for the next question.
    private func ask<Answer>(
        _ question: (any JournalConnection) throws(JournalError) -> Answer,
        _ slot: inout ReaderSlot
    ) -> Result<(Answer, UInt64), JournalError> {
        guard slot.isOpen else { return .failure(.unavailable) }
        do throws(JournalError) {
            if slot.connection == nil { slot.connection = try self.openReader() }
            guard let connection = slot.connection else { return .failure(.unavailable) }
            let answer = try question(connection)
            return .success((answer, connection.seenSequence))
        } catch {
            slot.connection.take()?.close()
            return .failure(error)
        }
    }

    /// A reader that may have reached another server than the writer did holds what was acknowledged.
    private func checked(
        _ reader: any JournalConnection
    ) throws(JournalError) -> any JournalConnection {
        guard self.engine.waitForOthers != nil else { return reader }
        guard try reader.holds(self.watermark.head) else { throw .unavailable }
        return reader
    }

    private func openReader() throws(JournalError) -> any JournalConnection {
        let reader: any JournalConnection
        do throws(JournalOpenError) {
            reader = try self.engine.openReader()
        } catch {
            switch error {
            case .unavailable: throw .unavailable
            case .refused(let reason): throw .corrupt(reason: reason)
            }
        }
        return try self.checked(reader)
    }
}

extension [Result<JournalVerdict, JournalError>] {
    /// The number of those that recorded an entry.
    fileprivate var recordedCount: Int {
        self.count { (try? $0.get())?.recorded != nil }
    }

    /// The highest sequence among them; 0 when there is none.
    fileprivate var lastSequence: UInt64 {
        self.compactMap { (try? $0.get())?.sequence }.max() ?? 0
    }
}

extension JournalVerdict {
    /// The entry that was recorded, now or before.
    fileprivate var sequence: UInt64? {
        switch self {
        case .capture(.recorded(let entry)), .capture(.alreadyRecorded(let entry)),
            .refund(.recorded(let entry, _)), .refund(.alreadyRecorded(let entry, _)):
            entry.sequence
        default: nil
        }
    }
}

extension JournalStatus {
    fileprivate init(_ error: JournalOpenError) {
        self =
            switch error {
            case .unavailable(let reason): .lost(reason: reason)
            case .refused(let reason): .refused(reason: reason)
            }
    }
}
