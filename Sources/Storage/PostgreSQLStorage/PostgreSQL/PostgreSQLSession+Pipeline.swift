internal import CPostgreSQL

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

extension PostgreSQLSession {
    /// Passes a request to libpq, which copies it.
    func send(_ request: PostgreSQLRequest) -> Bool {
        switch request {
        case .prepare(let statement):
            return unsafe PQsendPrepare(
                self.pointer,
                statement.rawValue,
                statement.sql,
                0,
                nil
            ) == 1
        case .direct(let sql):
            return unsafe PQsendQueryParams(self.pointer, sql, 0, nil, nil, nil, nil, 1) == 1
        case .execute(let statement, let parameters):
            let lengths = parameters.map { Int32($0.bytes.count) }
            let formats = [Int32](repeating: 1, count: parameters.count)
            let count = Int32(parameters.count)
            return unsafe CStrings(parameters.map(\.bytes)).withPointers { values in
                unsafe self.isShared
                    ? PQsendQueryParams(
                        self.pointer,
                        statement.sql,
                        count,
                        nil,
                        values,
                        lengths,
                        formats,
                        1
                    ) == 1
                    : PQsendQueryPrepared(
                        self.pointer,
                        statement.rawValue,
                        count,
                        values,
                        lengths,
                        formats,
                        1
                    ) == 1
            }
        }
    }

    /// Receives all answers up to the end of the pipeline.
    func collect(
        _ requestCount: Int,
        _ patience: Int32
    ) throws(PostgreSQLError) -> [PostgreSQLAnswer] {
        var answers: [PostgreSQLAnswer] = []
        var failure: PostgreSQLError?
        // Each request has an answer and its end; a server that sends more is broken.
        for _ in 0..<(2 * requestCount + 2) {
            try self.awaitAnswer(patience)
            let result = unsafe PQgetResult(self.pointer)
            let warning = self.warnings.take()
            let answer = unsafe result.map { unsafe PostgreSQLAnswer(owning: $0, warning: warning) }
            guard unsafe PQstatus(self.pointer) == CONNECTION_OK else {
                throw self.lost(.lostAfterwards, failure?.description)
            }
            // A null result ends the answers to a request.
            guard let answer else { continue }
            switch answer.kind {
            case .done: answers.append(answer)
            case .skipped: continue
            case .failed(let state, let message):
                failure = failure ?? self.error(state, message)
            case .synchronized:
                if let failure { throw failure }
                return answers
            }
        }
        throw self.lost(.lostAfterwards, "the server sent an answer without a request")
    }

    /// Waits until a result can be read without blocking, or the connection has ended.
    private func awaitAnswer(_ patience: Int32) throws(PostgreSQLError) {
        while true {
            let isUnsent = unsafe PQflush(self.pointer) == 1
            guard unsafe PQisBusy(self.pointer) == 1 else { return }
            try self.wait(for: isUnsent ? POLLIN | POLLOUT : POLLIN, seconds: patience)
            guard unsafe PQconsumeInput(self.pointer) == 1 else { return }
        }
    }

    private func error(_ state: String, _ message: String) -> PostgreSQLError {
        PostgreSQLError(cause: .answered(state), message: self.address.clean(message))
    }
}
