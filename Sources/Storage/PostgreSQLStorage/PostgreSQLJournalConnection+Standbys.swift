import StorageCore

/// Detection of servers that stop waiting for their standbys.
extension PostgreSQLJournalConnection {
    /// Checks, after a commit, that the server still waits for standbys if it did before.
    ///
    /// A server whose `synchronous_standby_names` is cleared releases every waiting commit and
    /// reports COMMIT without a warning. Patroni 3.0 does that when it is started beside a primary
    /// that kept running without it, though another one leads by then. Servers without standbys are
    /// not asked.
    ///
    /// - Throws: An unknown outcome, after a pause that gives a deposed server time to stop; it
    ///   would acknowledge a retry.
    func confirmStandbys() throws(PostgreSQLError) {
        if self.standbys.isEmpty { return }
        let names: String
        do throws(PostgreSQLError) {
            names = try self.session.ask([.execute(.standbys, [])])[0].text(0, 0)
        } catch {
            throw PostgreSQLError(cause: .lostAfterwards, message: error.message)
        }
        if !names.isEmpty { return }
        let pause = "SELECT pg_sleep(\(PostgreSQLLimits.abandonedSeconds))"
        _ = try? self.session.ask([.direct(pause)])
        throw PostgreSQLError(
            cause: .lostAfterwards,
            message:
                "the server stopped waiting for its standbys (\(self.standbys)) during a commit"
        )
    }
}
