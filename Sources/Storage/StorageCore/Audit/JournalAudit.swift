package import Domain

/// Verifies a whole journal, in constant memory.
package struct JournalAudit: Sendable {
    /// The result of an audit.
    package enum Finding: Hashable, Sendable {
        /// No violation was found.
        case whole(Report)
        /// The first violation; `entry` is the first bad entry, if known.
        case broken(entry: UInt64?, reason: String)
    }

    /// The contents of an intact journal.
    package struct Report: Hashable, Sendable {
        package var entries: UInt64 = 0
        package var captures: UInt64 = 0
        package var refunds: UInt64 = 0
        package var head = JournalHead.empty
        package var balances: [Line] = []

        package struct Line: Hashable, Sendable {
            package let currency: String
            package let account: String
            package let balance: Balance
        }
    }

    /// The number of entries read at a time.
    private static let pageMax = 1_000

    private var report = Report()
    private var trialBalance = TrialBalance()

    private init() {}

    /// Verifies the journal behind `connection`; calls `progress` after every page with the number
    /// of entries verified.
    ///
    /// Checks every entry's hash, sequence and link to the previous entry; that refunds never
    /// exceed what remains; that stored balances equal the sums of the postings; and the store
    /// itself, as far as the engine can.
    package static func run(
        _ connection: any JournalConnection,
        progress: (UInt64) -> Void = { _ in }
    ) -> Finding {
        var audit = JournalAudit()
        do throws(JournalError) {
            if let reason = try connection.checkStore() {
                return .broken(entry: nil, reason: reason)
            }
            while true {
                let page = try connection.entries(
                    after: audit.report.head.sequence,
                    limit: self.pageMax
                )
                if page.isEmpty { break }
                for entry in page {
                    if let reason = try audit.take(entry) {
                        return .broken(entry: entry.sequence, reason: reason)
                    }
                }
                progress(audit.report.entries)
            }
            return try audit.conclude(connection)
        } catch {
            return audit.broken(by: error)
        }
    }

    /// - Returns: The violation, if any.
    private mutating func take(_ entry: ChainedEntry) throws(JournalError) -> String? {
        let head = self.report.head
        guard entry.sequence == head.sequence + 1 else {
            return "entry \(head.sequence + 1) is missing"
        }
        guard entry.previous == head.hash else {
            return "entry \(entry.sequence) does not follow the one before: its chain is broken"
        }
        try self.trialBalance.post(entry.entry.transfer)
        self.report.head = JournalHead(entry)
        self.report.entries += 1
        switch entry.entry.record {
        case .capture: self.report.captures += 1
        case .refund: self.report.refunds += 1
        }
        return nil
    }

    private mutating func conclude(
        _ connection: any JournalConnection
    ) throws(JournalError) -> Finding {
        for currency in self.trialBalance.currencies {
            for account in Account.all {
                let kept = try connection.balance(of: account, in: currency)
                let summed = self.trialBalance.balance(of: account, in: currency)
                guard kept == summed else {
                    let reason =
                        "the balance of \(account.name) in \(currency) is not the sum of its postings"
                    return .broken(entry: nil, reason: reason)
                }
                self.report.balances.append(
                    .init(currency: currency.code, account: account.name, balance: kept)
                )
            }
        }
        return .whole(self.report)
    }

    private func broken(by error: JournalError) -> Finding {
        let reason = if case .corrupt(let reason) = error { reason } else { "\(error)" }
        return .broken(entry: self.report.head.sequence + 1, reason: reason)
    }
}
