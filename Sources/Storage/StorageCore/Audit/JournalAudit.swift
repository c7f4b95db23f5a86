package import Domain

/// Walks a whole journal and checks all that can be checked; memory does not grow with it.
package struct JournalAudit: Sendable {
    /// What a journal came to.
    package enum Finding: Hashable, Sendable {
        /// Everything is as it should be.
        case whole(Report)
        /// The first thing that is not; `entry` is the first bad one, where one can be named.
        case broken(entry: UInt64?, reason: String)
    }

    /// What there is in a journal that is whole.
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

    /// How many entries are read at a time.
    private static let pageMax = 1_000

    private var report = Report()
    private var sheet = BalanceSheet()

    private init() {}

    /// Checks the journal behind `connection`; `progress` is told after every page how many
    /// entries were checked.
    ///
    /// Checked are: the seal of every entry, that it follows the one before in number and hash,
    /// what a refund takes from what remains, that balances are the sums of the postings and
    /// balanced, and what the engine can check of its own files.
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

    /// - Returns: what is wrong with the entry, if something is.
    private mutating func take(_ entry: SealedEntry) throws(JournalError) -> String? {
        let head = self.report.head
        guard entry.sequence == head.sequence + 1 else {
            return "entry \(head.sequence + 1) is missing"
        }
        guard entry.previous == head.hash else {
            return "entry \(entry.sequence) does not follow the one before: its chain is broken"
        }
        try self.sheet.post(entry.entry.posting)
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
        for currency in self.sheet.currencies {
            for account in Account.all {
                let kept = try connection.balance(of: account, in: currency)
                let summed = self.sheet.balance(of: account, in: currency)
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
