/// A request to the server.
enum PostgreSQLRequest {
    /// Prepares a statement.
    case prepare(JournalStatement)
    /// Executes a prepared statement.
    case execute(JournalStatement, [PostgreSQLParameter])
    /// Executes a statement without parameters, once.
    case direct(String)
}
