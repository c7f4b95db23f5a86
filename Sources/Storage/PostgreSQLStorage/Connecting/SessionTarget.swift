/// The required kind of server: libpq's `target_session_attrs`.
enum SessionTarget: String, Hashable, Sendable {
    case any
    case readWrite = "read-write"
    case readOnly = "read-only"
    case primary
    case standby
    case preferStandby = "prefer-standby"

    /// - Throws: `refused` for an unknown name.
    init(named name: String?) throws(PostgreSQLError) {
        guard let target = Self(rawValue: name ?? "any") else {
            throw .refused("target_session_attrs in DATABASE_URL may not be \(name ?? "")")
        }
        self = target
    }

    /// The target for writers: among several servers, those that accept no writes are skipped.
    func forWriting(among count: Int) throws(PostgreSQLError) -> SessionTarget {
        switch self {
        // A single server is tried in any case; its own error is clearer.
        case .any: return count > 1 ? .readWrite : .any
        case .readWrite, .primary: return self
        case .readOnly, .standby, .preferStandby:
            throw .refused(
                """
                target_session_attrs=\(self.rawValue) in DATABASE_URL leads to servers that take \
                no payments; a ledger wants read-write, as without it
                """
            )
        }
    }

    /// The targets to try, in order.
    var inTurn: [SessionTarget] { self == .preferStandby ? [.standby, .any] : [self] }
}
