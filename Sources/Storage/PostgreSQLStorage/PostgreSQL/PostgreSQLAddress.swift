internal import CPostgreSQL

/// Where a database is, and as whom one enters: a URL that libpq has read.
struct PostgreSQLAddress: Hashable, Sendable, CustomStringConvertible {
    static let schemes = ["postgres://", "postgresql://"]

    static let example = "postgresql://db.example/florin?user=florin&sslmode=verify-full"

    /// The servers that may have it, in the URL's order.
    let servers: [PostgreSQLServer]
    let target: SessionTarget
    /// The time that one server has to let us in.
    let connectMilliseconds: Int
    /// The `search_path` that the URL asks for.
    let searchPath: String?
    /// For reasons: the host, the database and the user.
    let place: String
    /// What is set besides the servers, by keyword; may hold a password, which nobody shows.
    private let options: [String: String]
    private let password: String

    /// - Throws: when it is no such URL. What is wrong with it is not said in libpq's words, which
    ///   quote it.
    init(_ url: String) throws(PostgreSQLError) {
        guard Self.schemes.contains(where: url.hasPrefix), let set = Self.parse(url) else {
            throw .refused("DATABASE_URL is no URL of PostgreSQL (example: \(Self.example))")
        }
        // A password with a bare @ or / in it ends early, and its rest is taken for a place.
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

    /// What libpq is told to connect to one of the servers; later ones go before earlier ones.
    ///
    /// The URL may set TCP, and never how text is encoded.
    func parameters(
        _ server: PostgreSQLServer,
        _ target: SessionTarget
    ) -> [(String, String)] {
        PostgreSQLLimits.connection
            + self.options.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            + server.parameters
            + [("target_session_attrs", target.rawValue), ("client_encoding", "UTF8")]
    }

    /// The words of libpq or of a server in one line, without the password.
    func clean(_ words: String) -> String {
        let lines = words.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("LOCATION:") }
        let line = lines.joined(separator: "; ")
        return self.password.isEmpty ? line : line.replacing(self.password, with: "…")
    }

    private static let decidedHere: Set<String> = [
        "host", "hostaddr", "port", "target_session_attrs", "connect_timeout", "client_encoding",
    ]

    /// libpq's `connect_timeout`: seconds, at least two; nothing and zero are no limit there.
    private static func connectMilliseconds(_ seconds: String?) -> Int {
        guard let seconds = seconds.flatMap({ Int($0) }), seconds > 0 else {
            return PostgreSQLLimits.connectMilliseconds
        }
        return max(2, min(seconds, 600)) * 1_000
    }
}

/// The words of libpq.
extension PostgreSQLAddress {
    /// The options of the URL that are set, by keyword; nil when libpq cannot read it.
    private static func parse(_ url: String) -> [String: String]? {
        guard let options = unsafe PQconninfoParse(url, nil) else { return nil }
        return unsafe self.values(options)
    }

    /// What the environment and libpq say where a URL says nothing.
    private static func defaults() -> [String: String] {
        guard let options = unsafe PQconndefaults() else { return [:] }
        return unsafe self.values(options)
    }

    /// Those that are set; frees them all.
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
