internal import CPostgreSQL

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

extension PostgreSQLSession {
    /// The most consecutive reads of a socket: for the server's last message and the end of the
    /// stream.
    private static let readsMax = 4

    /// Reads what the server sent unasked, such as the end of the session, without waiting.
    ///
    /// - Throws: `lost` if the session has ended.
    func checkAlive() throws(PostgreSQLError) {
        for _ in 0..<Self.readsMax {
            guard !Self.wait(for: [(self, POLLIN)], milliseconds: 0).isEmpty else { return }
            guard unsafe PQconsumeInput(self.pointer) == 1,
                unsafe PQstatus(self.pointer) == CONNECTION_OK
            else { throw self.lost(.lost) }
        }
    }
}
