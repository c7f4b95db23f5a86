/// What a server must be to let us in: `target_session_attrs` of libpq.
enum SessionTarget: String, Hashable, Sendable {
    case any
    case readWrite = "read-write"
    case readOnly = "read-only"
    case primary
    case standby
    case preferStandby = "prefer-standby"

    /// - Throws: when libpq knows no such target.
    init(named name: String?) throws(PostgreSQLError) {
        guard let target = Self(rawValue: name ?? "any") else {
            throw .refused("target_session_attrs in DATABASE_URL may not be \(name ?? "")")
        }
        self = target
    }

    /// The same for whoever writes: among several servers, those that take no writes are passed
    /// over.
    func forWriting(among count: Int) throws(PostgreSQLError) -> SessionTarget {
        switch self {
        // A single one is tried, and says more plainly why it takes none.
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

    /// Targets, tried one after the other.
    var inTurn: [SessionTarget] { self == .preferStandby ? [.standby, .any] : [self] }
}
