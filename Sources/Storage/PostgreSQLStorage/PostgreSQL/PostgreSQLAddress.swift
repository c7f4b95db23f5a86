internal import CPostgreSQL

/// The location and user of a database, parsed from a URL by libpq.
struct PostgreSQLAddress: Hashable, Sendable, CustomStringConvertible {
    static let schemes = ["postgres://", "postgresql://"]

    static let example = "postgresql://db.example/florin?user=florin&sslmode=verify-full"

    /// The servers, in the order of the URL.
    let servers: [PostgreSQLServer]
    let target: SessionTarget
    /// The timeout of connecting to one server.
    let connectMilliseconds: Int
    /// The `search_path` that the URL requests.
    let searchPath: String?
    /// Host, database and user, for error messages.
    let place: String
    /// The options of the URL except the servers, by keyword; may contain a password, which must
    /// not be shown.
    private let options: [String: String]
    private let password: String

    /// - Throws: `refused` for an invalid URL. The error does not quote libpq, whose messages
    ///   contain the URL.
    init(_ url: String) throws(PostgreSQLError) {
        guard Self.schemes.contains(where: url.hasPrefix), let set = Self.parse(url) else {
            throw .refused("DATABASE_URL is no URL of PostgreSQL (example: \(Self.example))")
        }
        // An unescaped @ or / in the password ends it early; the rest looks like a host or
        // database.
        guard !["host", "dbname"].contains(where: { set[$0]?.contains("@") ?? false }) else {
            throw .refused("the password in DATABASE_URL must be percent-encoded, as @ is %40")
        }
        let all = Self.defaults().merging(set) { _, chosen in chosen }
        self.servers = try PostgreSQLServer.all(all)
        self.target = try SessionTarget(named: all["target_session_attrs"])
        self.connectMilliseconds = Self.connectMilliseconds(all["connect_timeout"])
        self.searchPath = all["options"].flatMap(ServerOptions.searchPath)
        self.options = set.filter { !Self.decidedHere.contains($0.key) }
        self.password = all["password"] ?? ""
        let host = set["host"] ?? set["hostaddr"] ?? "the local server"
        let database = set["dbname"].map { "database \($0)" } ?? "the user's database"
        let user = set["user"].map { " as \($0)" } ?? ""
        self.place = "\(database) on \(host)\(user)"
    }

    var description: String { self.place }

    /// The parameters for connecting to `server`; later parameters override earlier ones.
    ///
    /// The URL may override TCP settings, but never the text encoding.
    func parameters(
        _ server: PostgreSQLServer,
        _ target: SessionTarget
    ) -> [(String, String)] {
        PostgreSQLLimits.connection
            + self.options.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            + server.parameters
            + [("target_session_attrs", target.rawValue), ("client_encoding", "UTF8")]
    }

    /// A message of libpq or a server as one line, without the password.
    func clean(_ words: String) -> String {
        let lines = words.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("LOCATION:") }
        let line = lines.joined(separator: "; ")
        return self.password.isEmpty ? line : line.replacing(self.password, with: "…")
    }

    private static let decidedHere: Set<String> = [
        "host", "hostaddr", "port", "target_session_attrs", "connect_timeout", "client_encoding",
    ]

    /// libpq's `connect_timeout` in seconds, at least two; absent and zero mean our default instead
    /// of no limit.
    private static func connectMilliseconds(_ seconds: String?) -> Int {
        guard let seconds = seconds.flatMap({ Int($0) }), seconds > 0 else {
            return PostgreSQLLimits.connectMilliseconds
        }
        return max(2, min(seconds, 600)) * 1_000
    }
}

/// Conversions of libpq's options.
extension PostgreSQLAddress {
    /// The options set in the URL, by keyword; nil if libpq cannot parse it.
    private static func parse(_ url: String) -> [String: String]? {
        guard let options = unsafe PQconninfoParse(url, nil) else { return nil }
        return unsafe self.values(options)
    }

    /// The defaults of the environment and of libpq.
    private static func defaults() -> [String: String] {
        guard let options = unsafe PQconndefaults() else { return [:] }
        return unsafe self.values(options)
    }

    /// The options that are set; frees the array.
    @unsafe
    private static func values(
        _ options: UnsafeMutablePointer<PQconninfoOption>
    ) -> [String: String] {
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
