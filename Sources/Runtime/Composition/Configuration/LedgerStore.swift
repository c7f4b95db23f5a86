/// The storage of the ledger.
package enum LedgerStore: Hashable, Sendable {
    /// SQLite files in this folder.
    case folder(String)
    /// SQLite files that are deleted with the process.
    case temporary
    /// A PostgreSQL database, which several ledgers may share.
    case database(DatabaseURL)

    /// Reads `LEDGER_DATA` or `DATABASE_URL`; exactly one must be set.
    package init(_ variables: Variables) throws(ConfigurationProblem) {
        let folder = variables.text("LEDGER_DATA")
        if let url = try variables.secret("DATABASE_URL", example: DatabaseURL.example) {
            guard folder == nil else {
                let fault = "is set, and so is LEDGER_DATA or --data; choose one"
                throw ConfigurationProblem("DATABASE_URL", fault, example: DatabaseURL.example)
            }
            self = .database(try DatabaseURL(url))
            return
        }
        switch folder {
        case "temporary": self = .temporary
        case let folder?: self = .folder(folder)
        case nil:
            throw ConfigurationProblem(
                "LEDGER_DATA",
                """
                is not set, --data is not given, and neither is DATABASE_URL: where does the \
                ledger keep its books?
                """,
                example: "/srv/florin"
            )
        }
    }
}

extension LedgerStore {
    /// The folder of a persistent SQLite store.
    ///
    /// - Throws: If the store is of another kind.
    package var folder: String {
        get throws(ConfigurationProblem) {
            guard case .folder(let path) = self else {
                throw ConfigurationProblem(
                    "LEDGER_DATA",
                    "does not name the folder of a ledger",
                    example: "/srv/florin"
                )
            }
            return path
        }
    }
}

extension LedgerStore {
    /// The path in `LEDGER_WATERMARK`: the file of the last acknowledged entry of a ledger on a
    /// database.
    package static func watermark(_ variables: Variables) throws(ConfigurationProblem) -> String? {
        guard let path = variables.text("LEDGER_WATERMARK") else { return nil }
        guard case .database = try LedgerStore(variables) else {
            throw ConfigurationProblem(
                "LEDGER_WATERMARK",
                "is for books in DATABASE_URL; those in a folder have a durability watermark beside them",
                example: "/srv/florin/watermark"
            )
        }
        return path
    }
}

/// The connection URL of a database; its description omits the password.
package struct DatabaseURL: Hashable, Sendable, CustomStringConvertible {
    static let example = "postgresql://db.example/florin?user=florin&sslmode=verify-full"

    /// The URL with its password.
    package let text: String

    init(_ text: String) throws(ConfigurationProblem) {
        guard ["postgresql://", "postgres://"].contains(where: text.hasPrefix) else {
            let fault = "begins neither with postgresql:// nor with postgres://"
            throw ConfigurationProblem("DATABASE_URL", fault, example: Self.example)
        }
        self.text = text
    }

    package var description: String { "a database of PostgreSQL" }
}
