/// Where the ledger keeps its books.
package enum LedgerStore: Hashable, Sendable {
    /// In SQLite files in this folder.
    case folder(String)
    /// In SQLite files that are gone with the process.
    case temporary

    /// Reads `LEDGER_DATA`.
    package init(_ variables: Variables) throws(ConfigurationProblem) {
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

extension LedgerStore {
    /// The folder of books that outlive a process.
    ///
    /// - Throws: when there is none.
    package var folder: String {
        get throws(ConfigurationProblem) {
            guard case .folder(let path) = self else {
                throw ConfigurationProblem(
                    "LEDGER_DATA",
                    "names no folder whose books could be looked into",
                    example: "/srv/florin"
                )
            }
            return path
        }
    }
}
