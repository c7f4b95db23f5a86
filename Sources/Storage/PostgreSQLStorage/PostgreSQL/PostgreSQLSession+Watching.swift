internal import CPostgreSQL

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

extension PostgreSQLSession {
    /// How many times in a row a socket is read from: the last words of a server, and its end.
    private static let readsMax = 4

    /// Reads what the server sent unasked, such as that it ends the session; does not wait.
    ///
    /// - Throws: when it has ended.
    func checkAlive() throws(PostgreSQLError) {
        for _ in 0..<Self.readsMax {
            guard !Self.wait(for: [(self, POLLIN)], milliseconds: 0).isEmpty else { return }
            guard unsafe PQconsumeInput(self.pointer) == 1,
                unsafe PQstatus(self.pointer) == CONNECTION_OK
            else { throw self.lost(.lost) }
        }
    }
}
