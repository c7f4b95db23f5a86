import StorageCore

/// Servers that stop waiting for their standbys.
extension PostgreSQLJournalConnection {
    /// Checks, after a commit, that the server still waits for standbys if it did.
    ///
    /// A server whose `synchronous_standby_names` is taken away lets go of every commit that waits, and
    /// says COMMIT without a warning. Patroni 3.0 does that when it is started beside a primary that ran
    /// on without it, though another one leads by then. Servers without standbys are not asked.
    ///
    /// - Throws: an unknown outcome, after a pause in which a server that does not lead any more has
    ///   time to stop; it would acknowledge what is asked again.
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
