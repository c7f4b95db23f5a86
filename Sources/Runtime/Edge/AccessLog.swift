internal import Domain
internal import Logging

/// Looks at every answer of an edge, besides its log.
package struct EdgeWatch: Sendable {
    /// Nanoseconds of a clock that only goes forward.
    package var clock: @Sendable () -> Int64

    /// A request has come that could be read.
    package var began: @Sendable () -> Void

    /// It was answered.
    package var answered: @Sendable (EdgeRecord) -> Void

    package init(
        clock: @escaping @Sendable () -> Int64 = { 0 },
        began: @escaping @Sendable () -> Void = {},
        answered: @escaping @Sendable (EdgeRecord) -> Void = { _ in }
    ) {
        self.clock = clock
        self.began = began
        self.answered = answered
    }
}

/// What is remembered of one answer: never a token, a query or a body.
package struct EdgeRecord: Hashable, Sendable {
    package var method: String
    /// As it was sent, still percent-encoded, so that no peer writes lines of its own.
    package var rawPath: String
    package var status: Int
    /// The template of the path, such as `/payments/{payment_id}`.
    package var route: String?
    package var subject: String?
    package var traceID: String?
    package var requestID = ""
    package var duration = Duration.zero

    init(method: String, rawPath: String, status: Int) {
        self.method = method
        self.rawPath = rawPath
        self.status = status
    }
}

/// One line for each answer: what was asked, by whom, and what came of it.
struct AccessLog {
    private static let pathLengthMax = 256

    var logger: Logger
    var watch: EdgeWatch

    /// An answer that is on its way.
    struct Note {
        let log: AccessLog
        let record: EdgeRecord
        let start: Int64

        func handedOver() { self.log.answered(self.record, since: self.start) }

        /// Notes an answer whose caller is gone: nobody got it.
        func lost() {
            var record = self.record
            record.status = ProblemCode.cancelled.status
            self.log.answered(record, since: self.start)
        }
    }

    /// The moment at which a request came.
    func start() -> Int64 {
        self.watch.began()
        return self.watch.clock()
    }

    func answered(_ record: EdgeRecord, since start: Int64) {
        var record = record
        record.duration = .nanoseconds(self.watch.clock() - start)
        self.watch.answered(record)
        self.log(record)
    }

    /// What could not be read as a request was answered.
    func refused(status: Int, requestID: String) {
        var record = EdgeRecord(method: "-", rawPath: "-", status: status)
        record.requestID = requestID
        self.log(record)
    }

    private func log(_ record: EdgeRecord) {
        self.logger.info("request answered", metadata: Self.fields(record))
    }

    private static func fields(_ record: EdgeRecord) -> Logger.Metadata {
        let microseconds = record.duration / .microseconds(1)
        var fields: Logger.Metadata = [
            "method": "\(record.method)",
            "path": "\(record.rawPath.prefix(Self.pathLengthMax))",
            "status": .stringConvertible(record.status),
            "duration_us": .stringConvertible(Int64(microseconds)),
            "request_id": "\(record.requestID)",
        ]
        if let subject = record.subject { fields["subject"] = "\(subject)" }
        if let traceID = record.traceID { fields["trace_id"] = "\(traceID)" }
        return fields
    }
}
