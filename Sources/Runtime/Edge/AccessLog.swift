internal import Domain
internal import Logging

/// Observes an edge's requests, beside its log.
package struct EdgeWatch: Sendable {
    /// A monotonic clock, in nanoseconds.
    package var clock: @Sendable () -> Int64

    /// Called for each request that could be read.
    package var began: @Sendable () -> Void

    /// Called for each answer.
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

/// The facts recorded of an answer; never a token, a query or a body.
package struct EdgeRecord: Hashable, Sendable {
    package var method: String
    /// The path as sent, still percent-encoded, so that peers cannot inject log lines.
    package var rawPath: String
    package var status: Int
    /// The path template, such as `/payments/{payment_id}`; nil if no route matched.
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

/// Writes a log line for each answer: request, caller and status.
struct AccessLog {
    private static let pathLengthMax = 256

    var logger: Logger
    var watch: EdgeWatch

    /// A pending log line for an answer that is being sent.
    struct Note {
        let log: AccessLog
        let record: EdgeRecord
        let start: Int64

        func handedOver() { self.log.answered(self.record, since: self.start) }

        /// Records status 499: the client closed before the answer was sent.
        func lost() {
            var record = self.record
            record.status = ProblemCode.cancelled.status
            self.log.answered(record, since: self.start)
        }
    }

    /// Marks the arrival of a request and returns its time.
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

    /// Logs the answer to bytes that are not a request.
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
