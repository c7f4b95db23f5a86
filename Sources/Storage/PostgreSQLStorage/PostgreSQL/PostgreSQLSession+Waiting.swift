internal import CPostgreSQL

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

extension PostgreSQLSession {
    /// The longest single wait.
    static let sliceMilliseconds = 50

    /// Waits until the socket can be read from or written to.
    ///
    /// - Throws: an error after which what was asked was done, or not: the server was silent for
    ///   `seconds`, or another one has taken its place (``SilenceWatch``).
    func wait(for events: Int32, seconds: Int32) throws(PostgreSQLError) {
        let slice = Int32(Self.sliceMilliseconds)
        guard Self.wait(for: [(self, events)], milliseconds: slice).isEmpty else { return }
        try self.waitInSilence(for: events, seconds: seconds)
    }

    private func waitInSilence(for events: Int32, seconds: Int32) throws(PostgreSQLError) {
        let watch = SilenceWatch(
            patienceMilliseconds: Int(seconds) * 1_000,
            lineage: self.servers.isEmpty ? nil : self.lineage
        )
        var search = ConnectionRace(self.address, self.servers) {
            watch.isSucceeded(by: $0.lineage)
        }
        var silence = Self.sliceMilliseconds
        while true {
            switch watch.next(after: silence) {
            case .wait(let milliseconds):
                let slice = min(milliseconds, Self.sliceMilliseconds)
                let ready = Self.wait(for: [(self, events)], milliseconds: Int32(slice))
                if !ready.isEmpty { return }
                silence += slice
            case .search(let milliseconds):
                switch search.step(beside: (self, events), milliseconds: milliseconds) {
                case .ready: return
                case .found(_, let server): throw self.succeeded(by: server, after: silence)
                case .waited(let milliseconds): silence += milliseconds
                }
            case .giveUp:
                let message = "no answer from the server in \(seconds) seconds"
                throw PostgreSQLError(cause: .lostAfterwards, message: message, isSilence: true)
            }
        }
    }

    private func succeeded(
        by server: PostgreSQLServer,
        after milliseconds: Int
    ) -> PostgreSQLError {
        self.directory?.succeed(by: server)
        return PostgreSQLError(
            cause: .lostAfterwards,
            message: """
                no answer from the server in \(milliseconds) ms, and the \
                \(server.description) was promoted in its place
                """
        )
    }
}
