import Domain
import StorageCore

extension PostgreSQLJournalConnection {
    /// The number of entries checked in one statement, within its time limit.
    static let checkedMax: Int64 = 50_000

    /// Checks the tables by the database's own means, completely.
    ///
    /// - Returns: The first violation and its place; nil if there is none.
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

    /// Records that the entry `lost` is missing, together with the current last entry.
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

    /// Selects the first refund that does not follow from the amount remaining before it.
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
