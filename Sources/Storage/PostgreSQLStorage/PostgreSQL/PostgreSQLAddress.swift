internal import CPostgreSQL

/// Where a database is, and as whom one enters: a URL that libpq has read.
struct PostgreSQLAddress: Hashable, Sendable, CustomStringConvertible {
    static let schemes = ["postgres://", "postgresql://"]

    static let example = "postgresql://db.example/florin?user=florin&sslmode=verify-full"

    /// May hold a password; nobody shows it.
    let url: String
    private let password: String
    /// For reasons: the host, the database and the user.
    let place: String

    /// - Throws: when it is no such URL. What is wrong with it is not said in libpq's words, which
    ///   quote it.
    init(_ url: String) throws(PostgreSQLError) {
        guard Self.schemes.contains(where: url.hasPrefix), let options = Self.parse(url) else {
            throw .refused("DATABASE_URL is no URL of PostgreSQL (example: \(Self.example))")
        }
        // A password with a bare @ or / in it ends early, and its rest is taken for a place.
        guard !["host", "dbname"].contains(where: { options[$0]?.contains("@") ?? false }) else {
            throw .refused("the password in DATABASE_URL must be percent-encoded, as @ is %40")
        }
        self.url = url
        self.password = options["password"] ?? ""
        let host = options["host"] ?? options["hostaddr"] ?? "the local server"
        let database = options["dbname"].map { "database \($0)" } ?? "the user's database"
        let user = options["user"].map { " as \($0)" } ?? ""
        self.place = "\(database) on \(host)\(user)"
    }

    var description: String { self.place }

    /// The words of libpq or of a server in one line, without the password.
    func clean(_ words: String) -> String {
        let lines = words.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("LOCATION:") }
        let line = lines.joined(separator: "; ")
        return self.password.isEmpty ? line : line.replacing(self.password, with: "…")
    }

    /// The options of the URL that are set, by keyword; nil when libpq cannot read it.
    private static func parse(_ url: String) -> [String: String]? {
        guard let options = unsafe PQconninfoParse(url, nil) else { return nil }
        defer { unsafe PQconninfoFree(options) }
        var values: [String: String] = [:]
        var index = 0
        while let keyword = unsafe options[index].keyword {
            if let value = unsafe options[index].val {
                unsafe values[String(cString: keyword)] = unsafe String(cString: value)
            }
            index += 1
        }
        return values
    }
}
