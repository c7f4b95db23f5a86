import Checkers
import Composition
import Domain
import DrillEngine
import Identity
import ServiceMessages
import SwiftProtobuf
import TransportCore

/// Reads the ledger's journal from outside, past every proxy, with a token of the payment service.
actor JournalReader {
    private static let timeout = Duration.seconds(2)
    private static let pageMax = 500

    /// An entry, and the length of the history when it was first seen.
    struct Seen: Sendable {
        let posted: Posted
        let at: Int
    }

    private let channel: any Channel
    private let inquiry: Inquiry
    private let recorder: HistoryRecorder
    private let board: EventBoard
    private(set) var entries: [Seen] = []
    /// The payers and their orders, by payment.
    private var captures: [String: Ledger_Transaction] = [:]
    private var isReading = false

    /// A reader that asks the ledger over `channel`.
    init(_ channel: any Channel, _ context: RunContext) {
        self.channel = channel
        self.inquiry = Inquiry(context)
        self.recorder = context.recorder
        self.board = context.board
    }

    /// Reads again and again, until the task is cancelled.
    func follow(every interval: Duration) async {
        while (try? await Task.sleep(for: interval)) != nil {
            // A ledger that stands still is read when it goes on.
            try? await self.readOn()
        }
    }

    /// Reads what has been written since the last time.
    func readOn() async throws {
        // Two readers at once would take the same entries.
        guard !self.isReading else { return }
        self.isReading = true
        defer { self.isReading = false }
        let fresh = try await self.fresh(after: self.entries.last?.posted.sequence ?? 0)
        let at = self.recorder.length
        for entry in fresh {
            self.entries.append(Seen(posted: try await self.posted(entry), at: at))
            self.recorder.count("committed")
            self.board.note("ledger.committed")
            self.board.note("ledger.acknowledged")
        }
    }

    /// Reads the journal from its beginning once more: what was written once stays as it was.
    ///
    /// - Returns: what is otherwise than before, in a sentence; nil when nothing is.
    func difference() async throws -> String? {
        var now: [Ledger_Entry] = []
        while true {
            let page = try await self.fresh(after: now.last?.sequence ?? 0)
            if page.isEmpty { break }
            now += page
        }
        for (index, seen) in self.entries.enumerated() {
            let number = seen.posted.sequence
            guard index < now.count else {
                return "entry \(number) was in the journal, and is there no more"
            }
            guard seen.posted.isLike(now[index]) else {
                return "entry \(number) of the journal is not what it was"
            }
        }
        return nil
    }

    /// All balances of one currency, read while no client writes.
    func balances(in currency: String) async throws -> BalanceReading {
        var accounts: [AccountReading] = []
        for account in Account.all.map(\.name).sorted() {
            let method = Method<Ledger_GetBalanceRequest, Ledger_GetBalanceResponse>(
                "\(LedgerBinding.service)/GetBalance"
            )
            let request = Ledger_GetBalanceRequest.with {
                $0.account = account
                $0.currency = currency
            }
            let balance = try await self.channel.call(method, request, self.options)
            accounts.append(
                AccountReading(account: account, debits: balance.debits, credits: balance.credits)
            )
        }
        let sequence = self.entries.last?.posted.sequence ?? 0
        return BalanceReading(currency: currency, accounts: accounts, sequence: sequence)
    }

    private func fresh(after sequence: UInt64) async throws -> [Ledger_Entry] {
        let method = Method<Ledger_ListEntriesRequest, Ledger_Entry>(
            "\(LedgerBinding.service)/ListEntries",
            kind: .serverStreaming
        )
        let request = Ledger_ListEntriesRequest.with {
            $0.after = sequence
            $0.limit = UInt32(Self.pageMax)
        }
        return try await self.channel.serverStream(method, request, self.options) { messages in
            var found: [Ledger_Entry] = []
            for try await entry in messages { found.append(entry) }
            return found
        }
    }

    /// Completes an entry with what the wire leaves out, from its capture.
    ///
    /// A refund is taken to be asked for by whom the payment belongs to: the ledger refuses others,
    /// and no wire tells.
    private func posted(_ entry: Ledger_Entry) async throws -> Posted {
        let capture = try await self.capture(entry.paymentID)
        let isRefund = entry.kind == "refund"
        return Posted(
            sequence: entry.sequence,
            kind: isRefund ? .refund : .capture,
            paymentID: entry.paymentID,
            refundID: isRefund ? entry.id : nil,
            orderID: isRefund || capture.orderID.isEmpty ? nil : capture.orderID,
            subject: capture.subject,
            amount: entry.amount,
            currency: entry.currency,
            debit: entry.debitAccount,
            credit: entry.creditAccount
        )
    }

    private func capture(_ paymentID: String) async throws -> Ledger_Transaction {
        if let known = self.captures[paymentID] { return known }
        let method = Method<Ledger_GetTransactionRequest, Ledger_GetTransactionResponse>(
            "\(LedgerBinding.service)/GetTransaction"
        )
        let request = Ledger_GetTransactionRequest.with { $0.paymentID = paymentID }
        let answer = try await self.channel.call(method, request, self.options)
        self.captures[paymentID] = answer.transaction
        return answer.transaction
    }

    private var options: CallOptions {
        get throws {
            guard let token = self.inquiry.token(for: .ledger) else {
                throw LiveFailure("no token for the ledger could be made")
            }
            var options = CallOptions(timeout: Self.timeout)
            options.metadata.add("authorization", "Bearer \(token)")
            return options
        }
    }
}

extension Posted {
    /// True when the wire says the same of an entry, as far as it says anything.
    fileprivate func isLike(_ entry: Ledger_Entry) -> Bool {
        self.sequence == entry.sequence && self.kind.rawValue == entry.kind
            && (self.refundID ?? self.paymentID) == entry.id
            && self.paymentID == entry.paymentID && self.amount == entry.amount
            && self.currency == entry.currency && self.debit == entry.debitAccount
            && self.credit == entry.creditAccount
    }
}
