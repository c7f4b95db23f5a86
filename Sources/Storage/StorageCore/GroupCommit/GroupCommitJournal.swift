package import Domain
import Synchronization

/// A journal over any engine: one writer that commits in groups, one reader, and recovery of a lost
/// store.
///
/// Blocking work runs on the given executors, one thread each. Without them, in simulations, it
/// runs on the caller's.
package final class GroupCommitJournal: Journal {
    /// The most writes in one commit.
    package static let batchMax = 512

    /// The most writes that wait for a commit; more are refused as `overloaded`.
    package static let waitingMax = 16_384

    private let engine: any JournalEngine
    private let writing: (any TaskExecutor)?
    private let reading: (any TaskExecutor)?
    private let watch: CommitWatch?
    private let watermark: Watermark
    private let noting: @Sendable (String) -> Void
    private let queue = WriteQueue()
    private let signal = ChangeSignal()
    private let reader = Mutex<ReaderSlot>(ReaderSlot())
    private let openings = Mutex<Openings>(Openings())

    /// - Parameters:
    ///   - engine: Opens the connections to the store.
    ///   - writing: Runs the writer, which may block its thread.
    ///   - reading: Runs the reader, which may block its thread.
    ///   - watch: Observes every commit.
    ///   - watermark: Stores the last acknowledged entry outside the process; nil keeps it in memory.
    ///   - noting: Receives warnings for operators.
    package init(
        _ engine: any JournalEngine,
        writing: (any TaskExecutor)?,
        reading: (any TaskExecutor)?,
        watch: CommitWatch? = nil,
        watermark: WatermarkStore? = nil,
        noting: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.engine = engine
        self.watermark = Watermark(watermark)
        self.writing = writing
        self.reading = reading
        self.watch = watch
        self.noting = noting
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
    ) async throws(JournalError) -> [ChainedEntry] {
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
    /// The current opening of the store.
    ///
    /// Kept apart from the reader's slot, whose lock may be held while the reader waits for the
    /// store.
    private struct Openings {
        var isOpen = false
        var count = 0

        var current: Int? { self.isOpen ? self.count : nil }
    }

    private struct ReaderSlot {
        var connection: (any JournalConnection)?
        /// The opening to which the connection belongs.
        var opening: Int?
        /// The last read's error; an answer clears it.
        var failure: String?
    }

    /// The number of attempts after which the delay stops growing for an unavailable store.
    ///
    /// For a store that needs an operator the delay keeps growing.
    private static let quickAttemptsMax = 3

    /// Concurrent: runs on the writer's thread, which may block, never on the caller's actor.
    @concurrent
    private func work(_ report: @escaping @Sendable (JournalStatus) -> Void) async {
        var attempt = 0
        while !Task.isCancelled {
            switch await self.serve(report) {
            case .served: attempt = 0
            case .unavailable: attempt = min(attempt + 1, Self.quickAttemptsMax)
            case .refused: attempt += 1
            }
            try? await self.engine.waitBeforeReopening(attempt)
        }
    }

    private enum Opening {
        case served, unavailable, refused
    }

    /// Opens the store and commits until the task is cancelled or the store is lost.
    ///
    /// - Returns: The result of opening.
    private func serve(
        _ report: @escaping @Sendable (JournalStatus) -> Void
    ) async -> Opening {
        await self.engine.locate()
        let writer: any JournalConnection
        do throws(JournalOpenError) {
            writer = try self.engine.openWriter()
            try self.watermark.check(writer)
        } catch {
            report(JournalStatus(error))
            if case .refused = error { return .refused }
            return .unavailable
        }
        await self.engine.settle(.writing)
        self.begin()
        report(.ready)
        let reason = await self.work(with: writer, report)
        self.end()
        if let reason { report(.lost(reason: reason)) }
        return .served
    }

    /// Commits, and probes the idle connection at intervals if the engine asks for it.
    private func work(
        with writer: any JournalConnection,
        _ report: @Sendable (JournalStatus) -> Void
    ) async -> String? {
        guard let waitForProbe = self.engine.waitForProbe else {
            return await self.commit(to: writer, report)
        }
        return await withTaskGroup(of: Void.self) { [queue] group in
            group.addTask {
                while !Task.isCancelled {
                    await waitForProbe()
                    queue.probe()
                }
            }
            defer { group.cancelAll() }
            return await self.commit(to: writer, report)
        }
    }

    private func begin() {
        self.renewReader(isOpen: true)
        self.queue.open()
    }

    /// Closes the reader's connection, now or after its current query.
    private func renewReader(isOpen: Bool) {
        self.openings.withLock { openings in
            openings.isOpen = isOpen
            openings.count += 1
        }
        _ = self.reader.withLockIfAvailable { $0.connection.take()?.close() }
    }

    private func end() {
        self.queue.close()
        self.queue.fail(.unavailable)
        self.renewReader(isOpen: false)
        self.signal.wakeAll()
    }

    /// Commits batches, and reports when the store becomes full and when it has room again.
    ///
    /// - Returns: The reason why the store was lost; nil if the task was cancelled.
    private func commit(
        to first: any JournalConnection,
        _ report: @Sendable (JournalStatus) -> Void
    ) async -> String? {
        var writer = first
        defer { writer.close() }
        var isFull = false
        while true {
            if Task.isCancelled { self.queue.close() }
            let batch = await self.queue.next(Self.batchMax)
            if batch.isEmpty, Task.isCancelled { return nil }
            var result = await self.commit(batch, to: writer)
            if case .failure = result, writer.failure?.isRepeatable == true,
                let other = await self.reopened(writer)
            {
                writer = other
                result = await self.commit(batch, to: writer)
            }
            self.answer(batch, result)
            switch result.map(\.recordedCount) {
            case .success(0): break
            case .success:
                if isFull { report(.ready) }
                isFull = false
            case .failure(.full(let reason)):
                if !isFull { report(.full(reason: reason)) }
                isFull = true
            case .failure(let error):
                return "a commit failed: \(writer.failure?.reason ?? "\(error)")"
            }
        }
    }

    /// Replaces a connection that ended by itself, such as an idle session closed by the server.
    ///
    /// - Returns: Nil if no connection can be opened at once.
    private func reopened(
        _ writer: any JournalConnection
    ) async -> (any JournalConnection)? {
        writer.close()
        self.noting("the connection ended: \(writer.failure?.reason ?? "unknown reason")")
        self.renewReader(isOpen: true)
        await self.engine.locate()
        var other: (any JournalConnection)?
        do throws(JournalOpenError) {
            let opened = try self.engine.openWriter()
            try self.watermark.check(opened)
            other = opened
        } catch {
            self.noting("no new connection can be opened: \(error)")
        }
        await self.engine.settle(.writing)
        return other
    }

    /// Commits a batch, or probes the connection if the batch is empty.
    private func commit(
        _ batch: [WaitingWrite],
        to writer: any JournalConnection
    ) async -> BatchResult {
        let answers: BatchResult
        let start = self.watch?.clock()
        do throws(JournalError) {
            if batch.isEmpty {
                try writer.probe()
                answers = .success([])
            } else {
                answers = .success(try writer.commit(batch.compactMap(\.write)))
                self.watermark.advance(to: writer.durableHead)
            }
        } catch {
            answers = .failure(error)
        }
        if let start, !batch.isEmpty {
            self.watch?.ended(answers.map(\.recordedCount), of: batch.count, since: start)
        }
        await self.engine.settle(.writing)
        return answers
    }

    private func answer(_ batch: [WaitingWrite], _ result: BatchResult) {
        switch result {
        case .success(let answers):
            var verdicts = answers.makeIterator()
            for write in batch { write.answer { verdicts.next() } }
            self.signal.announce(answers.lastSequence)
        case .failure(let error):
            for write in batch { write.fail(error) }
        }
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

    /// Waits until the entries that a reader saw are as durable as a commit.
    ///
    /// No caller may learn of an entry that a failover could still lose.
    private func confirm(_ sequence: UInt64) async throws(JournalError) {
        if sequence <= self.watermark.head.sequence { return }
        do throws(JournalError) {
            try await withCheckedContinuation {
                self.queue.add(.confirmation($0), waitingMax: Self.waitingMax)
            }.get()
        } catch {
            // The caller asked for no write, so its outcome cannot be unknown.
            throw error == .outcomeUnknown ? .unavailable : error
        }
        guard sequence <= self.watermark.head.sequence else { throw .unavailable }
    }

    /// Concurrent: runs on the reader's thread, which may block, never on the caller's actor.
    @concurrent
    private func answer<Answer: Sendable>(
        _ question: @escaping @Sendable (any JournalConnection) throws(JournalError) -> Answer
    ) async -> Result<(Answer, UInt64), JournalError> {
        let answer = self.reader.withLock { self.ask(question, &$0) }
        await self.engine.settle(.reading)
        return answer
    }

    /// Queries the reader, and opens it again after a failure.
    private func ask<Answer>(
        _ question: (any JournalConnection) throws(JournalError) -> Answer,
        _ slot: inout ReaderSlot
    ) -> Result<(Answer, UInt64), JournalError> {
        guard let opening = self.openings.withLock({ $0.current }) else {
            return .failure(.unavailable)
        }
        if slot.opening != opening { slot.connection.take()?.close() }
        slot.opening = opening
        defer {
            if self.openings.withLock({ $0.current }) != opening { slot.connection.take()?.close() }
        }
        let wasOpen = slot.connection != nil
        do throws(JournalError) {
            if slot.connection == nil { slot.connection = try self.openReader(&slot.failure) }
            guard let connection = slot.connection else { return .failure(.unavailable) }
            let answer = try question(connection)
            slot.failure = nil
            return .success((answer, connection.seenSequence))
        } catch {
            let failed = slot.connection.take()
            failed?.close()
            // The connection ended while idle.
            if wasOpen, failed?.failure?.isRepeatable == true { return self.ask(question, &slot) }
            if let failed { self.note(failed.failure?.reason ?? "\(error)", &slot.failure) }
            return .failure(error)
        }
    }

    /// Rejects a reader that lacks the last acknowledged entry: it may have reached another server
    /// than the writer.
    private func checked(
        _ reader: any JournalConnection
    ) throws(JournalError) -> any JournalConnection {
        guard self.engine.waitForOthers != nil else { return reader }
        guard try reader.holds(self.watermark.head) else { throw .unavailable }
        return reader
    }

    private func openReader(
        _ failure: inout String?
    ) throws(JournalError) -> any JournalConnection {
        let reader: any JournalConnection
        do throws(JournalOpenError) {
            reader = try self.engine.openReader()
        } catch {
            switch error {
            case .unavailable(let reason):
                self.note(reason, &failure)
                throw .unavailable
            case .refused(let reason):
                self.note(reason, &failure)
                throw .corrupt(reason: reason)
            }
        }
        return try self.checked(reader)
    }

    /// Reports the reason of a failed read, once until the reason changes.
    private func note(_ reason: String, _ last: inout String?) {
        if last != reason { self.noting("a read failed: \(reason)") }
        last = reason
    }
}

private typealias BatchResult = Result<[Result<JournalVerdict, JournalError>], JournalError>

extension [Result<JournalVerdict, JournalError>] {
    /// The number of writes that recorded an entry.
    fileprivate var recordedCount: Int {
        self.count { (try? $0.get())?.recorded != nil }
    }

    /// The highest sequence among the answers; 0 if there is none.
    fileprivate var lastSequence: UInt64 {
        self.compactMap { (try? $0.get())?.sequence }.max() ?? 0
    }
}

extension JournalVerdict {
    /// The entry recorded, now or earlier.
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
