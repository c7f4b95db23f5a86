/// The place of a primary among those that its cluster has had: every promotion begins a timeline
/// (PostgreSQL's manual, 26.3.5 "Timelines").
struct ServerLineage: Hashable, Sendable {
    /// The identifier that all servers of a cluster share.
    let system: String
    let timeline: UInt32

    /// Asks a server for its lineage.
    ///
    /// A standby has none; engines that are not PostgreSQL may know no such functions.
    static let query = """
        SELECT system_identifier::text,
            CASE WHEN NOT pg_is_in_recovery()
                THEN left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) END
        FROM pg_control_system()
        """

    init(system: String, timeline: UInt32) {
        self.system = system
        self.timeline = timeline
    }

    /// - Returns: nil when `answer`, to ``query``, tells none.
    init?(_ answer: PostgreSQLAnswer) {
        guard answer.rowCount == 1, let timeline = UInt32(answer.text(0, 1), radix: 16) else {
            return nil
        }
        self.init(system: answer.text(0, 0), timeline: timeline)
    }

    /// True when a server of `other` was promoted after the server of this one.
    func precedes(_ other: ServerLineage) -> Bool {
        self.system == other.system && self.timeline < other.timeline
    }
}
