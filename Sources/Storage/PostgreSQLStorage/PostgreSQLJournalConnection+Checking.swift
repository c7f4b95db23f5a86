import Domain
import StorageCore

extension PostgreSQLJournalConnection {
    /// How many entries are checked in one statement, which has a limit of time.
    static let checkedMax: Int64 = 50_000

    /// Checks what only the database can check of its tables, all of it.
    ///
    /// - Returns: the first thing that is wrong, and where; nil when nothing is.
    func checkStore() throws(JournalError) -> String? {
        do throws(PostgreSQLError) {
            try JournalSchema.check(self.session)
            return try self.firstBadRefund().map { "entry \($0) takes more than what remained" }
        } catch {
            switch error.cause {
            case .damaged, .refused: return error.message
            case .answered, .lost, .lostAfterwards: throw error.beforeCommit
            }
        }
    }

    /// Writes down that the entry of `lost` is not there any more, beside the entry that is last now.
    func accept(lossOf lost: JournalHead) throws(JournalError) {
        do throws(PostgreSQLError) {
            try self.session.ask([
                .execute(.begin, []), .execute(.setDurability, []),
                .direct(
                    """
                    INSERT INTO losses (sequence, hash, head)
                    VALUES (\(lost.sequence), decode('\(lost.hash)', 'hex'),
                        coalesce((SELECT sequence FROM head), 0))
                    ON CONFLICT DO NOTHING
                    """
                ),
                .execute(.commit, []),
            ])
        } catch {
            throw error.whileCommitting
        }
    }

    private func firstBadRefund() throws(PostgreSQLError) -> Int64? {
        let head = try self.session.ask([.direct("SELECT sequence FROM head")])[0]
        let last = head.rowCount == 0 ? 0 : try head.integer(0, 0)
        var start: Int64 = 0
        while start < last {
            let sql = Self.badRefunds(after: start, through: start + Self.checkedMax)
            let answer = try self.session.ask([.direct(sql)])[0]
            if answer.rowCount > 0 { return try answer.integer(0, 0) }
            start += Self.checkedMax
        }
        return nil
    }

    /// The first refund that does not take from what remained before it.
    private static func badRefunds(after start: Int64, through end: Int64) -> String {
        """
        SELECT refund.sequence FROM entries AS refund LEFT JOIN entries AS before
            ON before.payment_id = refund.payment_id AND before.ordinal = refund.ordinal - 1
        WHERE refund.sequence > \(start) AND refund.sequence <= \(end) AND refund.ordinal > 0
            AND (before.remaining IS NULL OR before.currency <> refund.currency
                OR before.remaining <> refund.remaining + refund.amount)
        ORDER BY refund.sequence LIMIT 1
        """
    }
}
