/// What a session is asked.
enum PostgreSQLRequest {
    /// Makes the server know a statement.
    case prepare(JournalStatement)
    /// Runs a statement that the server knows.
    case execute(JournalStatement, [PostgreSQLParameter])
    /// Runs a statement without parameters that is used once.
    case direct(String)
}
