import Domain
import Edge
import Logging
import Synchronization
import Testing

@Suite("The access log", .timeLimit(.minutes(10)))
struct AccessLogTests {
    @Test("contains the request and its answer, and no secret")
    func lines() async throws {
        let recorder = LogRecorder()
        let logger = Logger(label: "edge") { _ in recorder }
        try await withServer(handler: Probe().handler, logger: logger) { peer, _ in
            _ = try await peer.ask(
                "POST /pay%20x?secret=query",
                [
                    "Authorization: Bearer secret", "X-Request-Id: r1",
                    "Content-Type: application/x-www-form-urlencoded",
                ],
                body: "secret=body"
            )
            _ = try await peer.exchange("secret\r\n\r\n")
        }
        let lines = recorder.lines.filter { $0.hasPrefix("request answered") }
        #expect(
            lines == [
                "request answered duration_us=0 method=POST path=/pay%20x request_id=r1 status=200",
                "request answered duration_us=0 method=- path=- request_id=made-id status=400",
            ]
        )
        #expect(!recorder.lines.contains { $0.contains("secret") })
    }
}

private final class LogRecorder: LogHandler {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { self.recorded.withLock { $0 } }

    var logLevel: Logger.Level {
        get { .info }
        set {}
    }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        let pairs = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted()
        let line = (["\(event.message)"] + pairs).joined(separator: " ")
        self.recorded.withLock { $0.append(line) }
    }
}
