internal import CPostgreSQL

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The last step of connecting, which does not wait either.
extension PostgreSQLSession {
    /// The answer and its end, those of the synchronization, and some.
    private static let resultsMax = 8

    /// - Returns: what the socket must be ready for next.
    func askLineage() throws(PostgreSQLError) -> Int32 {
        guard self.send(.direct(ServerLineage.query)),
            unsafe PQpipelineSync(self.pointer) == 1
        else { throw self.lost(.lost) }
        return self.awaited
    }

    /// Takes what has arrived of the answer; a server that refuses it has no lineage.
    ///
    /// - Returns: what the socket must be ready for next; nil when all is there.
    func takeLineage() throws(PostgreSQLError) -> Int32? {
        var failure: String?
        guard unsafe PQconsumeInput(self.pointer) == 1 else { throw self.lost(.lost) }
        for _ in 0..<Self.resultsMax {
            if unsafe PQisBusy(self.pointer) == 1 { return self.awaited }
            let result = unsafe PQgetResult(self.pointer)
            let answer = unsafe result.map { unsafe PostgreSQLAnswer(owning: $0) }
            guard unsafe PQstatus(self.pointer) == CONNECTION_OK else {
                throw self.lost(.lost, failure)
            }
            switch answer?.kind {
            case .done: self.lineage = answer.flatMap { ServerLineage($0) }
            case .failed(_, let message): failure = self.address.clean(message)
            case .synchronized: return nil
            case .skipped, nil: continue
            }
        }
        throw self.lost(.lost, "the server sent an answer without a request")
    }

    private var awaited: Int32 {
        unsafe PQflush(self.pointer) == 1 ? POLLIN | POLLOUT : POLLIN
    }
}
