internal import CPostgreSQL

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The one owner of a `PGconn`, which speaks in pipelines all its life: requests go out together,
/// and their answers come back together.
///
/// It blocks the thread that asks, never for ever (``PostgreSQLLimits``): libpq's socket does not
/// block, and this waits for it. Whoever holds it uses it from one thread at a time.
@safe
final class PostgreSQLSession {
    private let pointer: OpaquePointer
    let address: PostgreSQLAddress

    private init(owning pointer: OpaquePointer, _ address: PostgreSQLAddress) {
        unsafe self.pointer = pointer
        self.address = address
    }

    deinit { unsafe PQfinish(self.pointer) }

    /// Connects, by the address's own parameters before ours.
    static func open(_ address: PostgreSQLAddress) throws(PostgreSQLError) -> PostgreSQLSession {
        // The URL is last: what it says goes before what stands before it.
        let parameters = PostgreSQLLimits.connection + [("dbname", address.url)]
        let keywords = CStrings(parameters.map(\.0))
        let values = CStrings(parameters.map(\.1))
        let started = unsafe keywords.withPointers { keywords in
            unsafe values.withPointers { unsafe PQconnectStartParams(keywords, $0, 1) }
        }
        guard let pointer = unsafe started else {
            throw PostgreSQLError(cause: .lost, message: "no memory to connect")
        }
        let session = unsafe PostgreSQLSession(owning: pointer, address)
        try session.finishConnecting()
        return session
    }

    /// Asks everything in one round trip.
    ///
    /// - Returns: the answers, in the order of the requests.
    /// - Throws: the first error; what came after it was skipped. In a transaction that these
    ///   requests began, a rollback is still to be asked for.
    @discardableResult
    func ask(_ requests: [PostgreSQLRequest]) throws(PostgreSQLError) -> [PostgreSQLAnswer] {
        for request in requests {
            guard self.send(request) else { throw self.lost(.lost) }
        }
        guard unsafe PQpipelineSync(self.pointer) == 1 else { throw self.lost(.lostAfterwards) }
        return try self.collect(requests.count)
    }
}

extension PostgreSQLSession {
    private func finishConnecting() throws(PostgreSQLError) {
        // Failures of a connection have their code in their words alone, and only then.
        unsafe PQsetErrorVerbosity(self.pointer, PQERRORS_VERBOSE)
        unsafe PQsetNoticeReceiver(self.pointer, { _, _ in }, nil)
        guard unsafe PQstatus(self.pointer) != CONNECTION_BAD else { throw self.notConnected }
        var events = POLLOUT
        while true {
            try self.wait(for: events, seconds: PostgreSQLLimits.connectSeconds, .lost)
            switch unsafe PQconnectPoll(self.pointer) {
            case PGRES_POLLING_READING: events = POLLIN
            case PGRES_POLLING_WRITING: events = POLLOUT
            case PGRES_POLLING_OK: return try self.beginPipeline()
            default: throw self.notConnected
            }
        }
    }

    private func beginPipeline() throws(PostgreSQLError) {
        let version = unsafe PQserverVersion(self.pointer)
        guard version >= 110_000 else {
            throw .refused("the server has version \(version / 10_000); 11 or later is needed")
        }
        let encoding = unsafe PQparameterStatus(self.pointer, "server_encoding").map {
            unsafe String(cString: $0)
        }
        guard encoding == "UTF8" else {
            throw .refused(
                "the database is encoded in \(encoding ?? "?"); create it with ENCODING 'UTF8'"
            )
        }
        guard unsafe PQsetnonblocking(self.pointer, 1) == 0,
            unsafe PQenterPipelineMode(self.pointer) == 1
        else { throw self.lost(.lost) }
    }

    /// Why there is no connection.
    private var notConnected: PostgreSQLError {
        let message = unsafe String(cString: PQerrorMessage(self.pointer))
        let words = self.address.clean(message)
        if unsafe PQconnectionNeedsPassword(self.pointer) == 1 {
            return .refused("the server wants a password; put one into DATABASE_URL")
        }
        guard let state = Self.state(in: words) else {
            return PostgreSQLError(cause: .lost, message: words)
        }
        return PostgreSQLError(cause: .answered(state), message: words)
    }

    /// The last SQLSTATE in the words of a failure: five capitals and digits before a colon.
    static func state(in words: String) -> String? {
        words.split(separator: " ").last { word in
            word.utf8.count == 6 && word.last == ":" && word.contains(where: \.isNumber)
                && word.dropLast().allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber) }
        }.map { String($0.dropLast()) }
    }

    /// Hands a request over to libpq, which keeps a copy.
    private func send(_ request: PostgreSQLRequest) -> Bool {
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
            return unsafe CStrings(parameters.map(\.bytes)).withPointers { values in
                unsafe PQsendQueryPrepared(
                    self.pointer,
                    statement.rawValue,
                    Int32(parameters.count),
                    values,
                    lengths,
                    formats,
                    1
                ) == 1
            }
        }
    }

    /// Takes every answer up to the end of the pipeline.
    private func collect(_ requestCount: Int) throws(PostgreSQLError) -> [PostgreSQLAnswer] {
        var answers: [PostgreSQLAnswer] = []
        var failure: PostgreSQLError?
        // Each request has one answer and its end; a server that says more has lost its way.
        for _ in 0..<(2 * requestCount + 2) {
            try self.awaitAnswer()
            let answer = unsafe PQgetResult(self.pointer).map {
                unsafe PostgreSQLAnswer(owning: $0)
            }
            guard unsafe PQstatus(self.pointer) == CONNECTION_OK else {
                throw self.lost(.lostAfterwards, failure?.description)
            }
            // Without one, the answers to a request end.
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
        throw self.lost(.lostAfterwards, "the server answers what was not asked")
    }

    /// Returns when an answer can be taken, or there will be none.
    private func awaitAnswer() throws(PostgreSQLError) {
        while true {
            let isUnsent = unsafe PQflush(self.pointer) == 1
            guard unsafe PQisBusy(self.pointer) == 1 else { return }
            try self.wait(
                for: isUnsent ? POLLIN | POLLOUT : POLLIN,
                seconds: PostgreSQLLimits.answerSeconds,
                .lostAfterwards
            )
            guard unsafe PQconsumeInput(self.pointer) == 1 else { return }
        }
    }

    /// Waits until the socket can be read from or written to.
    private func wait(
        for events: Int32,
        seconds: Int32,
        _ cause: PostgreSQLError.Cause
    ) throws(PostgreSQLError) {
        var socket = unsafe pollfd(fd: PQsocket(self.pointer), events: Int16(events), revents: 0)
        while true {
            let count = unsafe poll(&socket, 1, seconds * 1_000)
            if count > 0 { return }
            if count < 0, errno == EINTR { continue }
            let message = "no sign of the server in \(seconds) seconds"
            throw PostgreSQLError(cause: cause, message: message)
        }
    }

    private func error(_ state: String, _ message: String) -> PostgreSQLError {
        PostgreSQLError(cause: .answered(state), message: self.address.clean(message))
    }

    private func lost(
        _ cause: PostgreSQLError.Cause,
        _ reason: String? = nil
    ) -> PostgreSQLError {
        let words = unsafe String(cString: PQerrorMessage(self.pointer))
        return PostgreSQLError(cause: cause, message: reason ?? self.address.clean(words))
    }
}
