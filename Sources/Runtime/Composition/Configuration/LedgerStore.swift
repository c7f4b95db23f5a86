/// Where the ledger keeps its books.
package enum LedgerStore: Hashable, Sendable {
    /// In SQLite files in this folder.
    case folder(String)
    /// In SQLite files that are gone with the process.
    case temporary

    /// Reads `LEDGER_DATA`.
    init(_ variables: Variables) throws(ConfigurationProblem) {
        switch variables.text("LEDGER_DATA") {
        case "temporary": self = .temporary
        case let folder?: self = .folder(folder)
        case nil:
            throw ConfigurationProblem(
                "LEDGER_DATA",
                "is not set, and --data is not given: where does the ledger keep its books?",
                example: "/srv/florin"
            )
        }
    }
}
