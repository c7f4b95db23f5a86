import Logging
import StrictJSON
import Synchronization
import Telemetry
import Testing

@Suite("The JSON log")
struct JSONLogHandlerTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func logger(_ level: LogLevelSwitch) -> (Logger, Lines) {
        let lines = Lines()
        let logger = Logger(label: "test") { _ in
            JSONLogHandler(level: level, now: { 1_795_698_310.1239 }) { line in
                lines.all.withLock { $0.append(line) }
            }
        }
        return (logger, lines)
    }

    @Test("is one object a line, with metadata beside the message, sorted by name")
    func line() {
        let (logger, lines) = self.logger(LogLevelSwitch(.info))
        logger.info("answered \"it\"", metadata: ["status": "200", "method": "GET"])
        #expect(
            lines.all.withLock { $0 } == [
                #"{"time":"2026-11-26T13:05:10.123Z","level":"info","message":"answered \"it\"","#
                    + #""method":"GET","status":"200"}"# + "\n"
            ]
        )
    }

    @Test("keeps numbers as numbers, except those that look like a card number")
    func numbers() {
        let (logger, lines) = self.logger(LogLevelSwitch(.info))
        logger.info("", metadata: ["a": .stringConvertible(200)])
        logger.info("", metadata: ["a": .stringConvertible(4_111_111_111_111_111)])
        let all = lines.all.withLock { $0 }
        #expect(all[0].contains(#""a":200}"#))
        #expect(all[1].contains(#""a":"[redacted]"}"#))
    }

    @Test("contains no secrets, in any field")
    func secrets() {
        let (logger, lines) = self.logger(LogLevelSwitch(.info))
        logger.info(
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln",
            metadata: ["a": "4111111111111111", "b": ["4111111111111111"]]
        )
        let line = lines.all.withLock { $0.joined() }
        #expect(!line.contains("eyJ") && !line.contains("4111"))
        #expect(line.contains(#""b":["[redacted]"]"#))
    }

    @Test("writes more when its level is changed at run time")
    func level() {
        let level = LogLevelSwitch(.info)
        let (logger, lines) = self.logger(level)
        logger.debug("unheard")
        level.level = .debug
        logger.debug("heard")
        #expect(lines.all.withLock { $0.count } == 1)
    }
}
