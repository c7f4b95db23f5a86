import Domain
import Identity
import PostgreSQLTestSupport
import StorageCore

@testable import PostgreSQLStorage

/// Journals over one database, as of several ledgers.
enum Replicas {
    static let chainer = EntryChainer(sha256: { SHA256Digest.digest($0) }, now: { 1_893_456_000 })

    static func engine(_ url: String, watched: Bool = false) -> PostgreSQLJournalEngine {
        let probing: @Sendable () async -> Void = { await Task.yield() }
        return PostgreSQLJournalEngine(
            url: url,
            chainer: chainer,
            pausing: {},
            waiting: { _ in await Task.yield() },
            probing: watched ? probing : nil
        )
    }

    static func journal(_ url: String, watched: Bool = false) -> GroupCommitJournal {
        GroupCommitJournal(self.engine(url, watched: watched), writing: nil, reading: nil)
    }

    /// Runs `journal`, and passes its statuses to `body`.
    static func statuses(
        of journal: GroupCommitJournal,
        _ body: (AsyncStream<JournalStatus>) async throws -> Void
    ) async throws {
        let (statuses, reporter) = AsyncStream.makeStream(of: JournalStatus.self)
        let work = Task { await journal.run { reporter.yield($0) } }
        let failure: (any Error)?
        do {
            try await body(statuses)
            failure = nil
        } catch { failure = error }
        work.cancel()
        await work.value
        if let failure { throw failure }
    }

    /// Runs `body` with `count` ready journals in a schema of their own.
    ///
    /// The schema is on the server at `url`; `more` is appended to the journals' URL.
    static func with(
        _ count: Int,
        on url: String? = TestServer.url,
        more: String = "",
        _ body: (ScratchSchema, [GroupCommitJournal]) async throws -> Void
    ) async throws {
        try await ScratchSchema.with(on: url) { schema in
            let journals = (0..<count).map { _ in
                GroupCommitJournal(self.engine(schema.url + more), writing: nil, reading: nil)
            }
            try await self.run(journals) { try await body(schema, journals) }
        }
    }

    /// Runs `journals` and, once all are ready, `body`.
    static func run(
        _ journals: [GroupCommitJournal],
        _ body: () async throws -> Void
    ) async throws {
        let (statuses, reporter) = AsyncStream.makeStream(of: (Int, JournalStatus).self)
        let work = journals.enumerated().map { index, journal in
            Task { await journal.run { reporter.yield((index, $0)) } }
        }
        let failure: (any Error)?
        do {
            try await self.waitUntilReady(journals.count, statuses)
            try await body()
            failure = nil
        } catch { failure = error }
        for task in work { task.cancel() }
        for task in work { await task.value }
        if let failure { throw failure }
    }

    private static func waitUntilReady(
        _ count: Int,
        _ statuses: AsyncStream<(Int, JournalStatus)>
    ) async throws {
        var ready: Set<Int> = []
        for await (index, status) in statuses {
            if case .refused = status { throw JournalNotReady(status: status) }
            if status == .ready { ready.insert(index) }
            if ready.count == count { return }
        }
    }
}

extension AsyncStream<JournalStatus> {
    /// The next status; each is returned once.
    func next() async -> JournalStatus? {
        for await status in self { return status }
        return nil
    }
}

struct JournalNotReady: Error {
    let status: JournalStatus
}

extension GroupCommitJournal {
    /// Repeats a capture as callers do, until it is answered.
    func insist(_ capture: Capture) async throws -> CaptureOutcome {
        while true {
            do throws(JournalError) {
                return try await self.append(capture)
            } catch {
                guard error == .unavailable || error == .outcomeUnknown else { throw error }
                // The journal that is being reopened needs a thread.
                await Task.yield()
            }
        }
    }
}

/// Valid values with defaults that tests override.
enum Fixture {
    static func capture(_ id: String = "pay_1", _ minorUnits: Int64 = 1_000) throws -> Capture {
        Capture(
            paymentID: try PaymentID(id),
            amount: try Amount(minorUnits: minorUnits, currency: try Currency(code: "EUR")),
            method: .card,
            orderID: try OrderID("order-1"),
            subject: try Subject("alice")
        )
    }

    static func refund(
        _ id: String,
        of payment: String = "pay_1",
        _ minorUnits: Int64? = nil
    ) throws -> RefundDraft {
        try RefundDraft(
            id: try RefundID(id),
            paymentID: try PaymentID(payment),
            amount: minorUnits,
            reason: try Reason("late, “as {always}”, \\ or \"so\""),
            subject: try Subject("alice"),
            owner: nil
        )
    }
}
