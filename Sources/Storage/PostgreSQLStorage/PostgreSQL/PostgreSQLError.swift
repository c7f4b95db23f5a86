import Domain
import StorageCore

/// An error of the database, with a message fit for a log: it contains no password.
struct PostgreSQLError: Error, Hashable, Sendable, CustomStringConvertible {
    enum Cause: Hashable, Sendable {
        /// The server refused with this SQLSTATE; the connection is still usable.
        case answered(String)
        /// The connection ended or fell silent before the last request was sent.
        case lost
        /// The connection ended or fell silent afterwards: the request may have taken effect.
        case lostAfterwards
        /// There is no connection, and an operator must act.
        case refused
        /// The database contains data that no ledger could have written.
        case damaged
    }

    let cause: Cause
    let message: String
    /// True if the server was silent for as long as the client waits.
    var isSilence = false

    var description: String {
        if case .answered(let state) = self.cause {
            "\(self.message) (SQLSTATE \(state))"
        } else {
            self.message
        }
    }

    static func damaged(_ message: String) -> PostgreSQLError {
        PostgreSQLError(cause: .damaged, message: message)
    }

    static func refused(_ message: String) -> PostgreSQLError {
        PostgreSQLError(cause: .refused, message: message)
    }
}

/// The meaning of SQLSTATE codes (PostgreSQL's manual, appendix A).
extension PostgreSQLError {
    /// `statement_completion_unknown`: distributed engines report it for a commit of unknown
    /// outcome.
    private static let unknownCompletion = "40003"

    private static let diskFull = "53100"

    private static let readOnly = "25006"

    private static let lockNotAvailable = "55P03"

    private static let insufficientPrivilege = "42501"

    /// Damaged data or a damaged index.
    private static let damages: Set<String> = ["XX001", "XX002"]

    /// The code of errors that our triggers raise.
    private static let raised = "P0001"

    /// True if the connection can still be used.
    var leavesConnection: Bool {
        switch self.cause {
        case .answered, .damaged: true
        case .lost, .lostAfterwards, .refused: false
        }
    }

    /// True if the connection ended at once, so that another one may do the work.
    var endsSession: Bool {
        switch self.cause {
        case .lost, .lostAfterwards: !self.isSilence
        case .answered, .damaged, .refused: false
        }
    }

    /// True if the same transaction may succeed when repeated.
    ///
    /// Class 40 reports a transaction that was rolled back in favour of another.
    var isPassing: Bool {
        guard case .answered(let state) = self.cause else { return false }
        return state.hasPrefix("40") && state != Self.unknownCompletion
    }

    /// The error's meaning for an uncommitted transaction.
    var beforeCommit: JournalError {
        switch self.cause {
        case .damaged: return .corrupt(reason: self.message)
        case .lost, .lostAfterwards, .refused: return .unavailable
        case .answered(Self.diskFull):
            return .full(reason: "the disk of the database is full: \(self.description)")
        case .answered(let state):
            // The rules allowed the write, but a constraint or trigger did not.
            let isRule = state.hasPrefix("23") || state == Self.raised
            guard isRule || Self.damages.contains(state) else { return .unavailable }
            return .corrupt(reason: self.description)
        }
    }

    /// The error's meaning when a commit was among the requests.
    var whileCommitting: JournalError {
        switch self.cause {
        case .lostAfterwards, .answered(Self.unknownCompletion): .outcomeUnknown
        default: self.beforeCommit
        }
    }

    /// The error of a failed probe, with a hint for operators.
    var whileProbing: PostgreSQLError {
        let hint: String
        switch self.cause {
        case _ where self.isSilence:
            hint = "a commit was not done; is a synchronous standby away?"
        case .answered(Self.readOnly):
            hint = """
                the server is a standby, or default_transaction_read_only is on for the role or \
                the database
                """
        case .answered(Self.lockNotAvailable):
            hint = """
                another session holds the head, perhaps a commit that waits for a synchronous \
                standby: look for the wait_event SyncRep in pg_stat_activity
                """
        default: return self
        }
        return PostgreSQLError(
            cause: self.cause,
            message: "\(self.message); \(hint)",
            isSilence: self.isSilence
        )
    }

    /// The error's meaning while opening the journal at `place`.
    func whileOpening(_ place: String) -> JournalOpenError {
        let reason = "\(place): \(self.description)"
        switch self.cause {
        case .damaged, .refused: return .refused(reason: reason)
        case .lost, .lostAfterwards: return .unavailable(reason: reason)
        case .answered(let state):
            guard let advice = Self.advice(on: state) else {
                return .unavailable(reason: reason)
            }
            return .refused(reason: "\(reason); \(advice)")
        }
    }

    /// The remedy for a state that does not pass by itself; nil for one that may.
    private static func advice(on state: String) -> String? {
        if state == self.insufficientPrivilege {
            return "an administrator must grant it; docs/DEPLOYMENT.md lists the rights of a ledger"
        }
        return switch state.prefix(2) {
        case "28": "check the user and the password in DATABASE_URL, and the server's pg_hba.conf"
        case "3D": "create the database, or name another one in DATABASE_URL"
        case "3F": "create the schema that search_path names"
        case "0A": "the engine lacks what the journal needs; docs/decisions/0021 lists it"
        case "23", "P0": "the database does not hold what a ledger wrote; restore a backup"
        case "XX": damages.contains(state) ? "the database is damaged; restore a backup" : nil
        default: nil
        }
    }
}
