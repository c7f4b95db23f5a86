import Composition
import Console
import Logging
import SystemPackage
import Telemetry

/// The log of a serving process, on standard error, as text or JSON.
struct ProcessLog {
    /// The longest wait for the log's reader at exit.
    private static let flushMax = Duration.seconds(1)

    /// The log level, changeable at run time.
    let level: LogLevelSwitch
    private let writer: LogWriter

    /// Sets up logging as `LOG_FORMAT` and `LOG_LEVEL` say; call once in a process.
    ///
    /// - Throws: ``ConfigurationProblem`` for an unknown format or level.
    init(_ variables: Variables) throws(ConfigurationProblem) {
        let level = LogLevelSwitch(try Self.level(variables))
        let isJSON = try Self.isJSON(variables)
        let writer = LogWriter(.standardError) { Self.notice(of: $0, level, isJSON: isJSON) }
        self.level = level
        self.writer = writer
        StandardStreams.outliveReaders()
        LoggingSystem.bootstrap { label -> any LogHandler in
            if isJSON { return Self.json(level) { writer.write($0) } }
            return Self.text(label, level) { writer.write($0) }
        }
    }

    /// Adds the number of dropped lines to the metrics.
    func show(in registry: MetricRegistry) {
        let writer = self.writer
        registry.beforeShowing { registry in
            registry.counter(MetricCatalogue.logLinesDropped).set(Double(writer.droppedCount))
        }
    }

    /// Runs `work`, then waits until the log is written or its reader stalls.
    func flushing(_ work: () async throws -> Void) async throws {
        let result: Result<Void, any Error>
        do { result = .success(try await work()) } catch { result = .failure(error) }
        await self.writer.flush(within: Self.flushMax)
        try result.get()
    }

    private static func text(
        _ label: String,
        _ level: LogLevelSwitch,
        _ write: @escaping @Sendable (String) -> Void = { _ in }
    ) -> TextLogHandler {
        TextLogHandler(label: label, level: level, now: Environment.exactTime, write: write)
    }

    private static func json(
        _ level: LogLevelSwitch,
        _ write: @escaping @Sendable (String) -> Void = { _ in }
    ) -> JSONLogHandler {
        JSONLogHandler(level: level, now: Environment.exactTime, write: write)
    }

    /// The line that reports dropped lines, in the format of the log.
    private static func notice(of count: Int, _ level: LogLevelSwitch, isJSON: Bool) -> String {
        let event = LogEvent(
            level: .warning,
            message:
                "\(count) lines of the log were dropped: the reader was too slow, or a write failed",
            metadata: nil,
            source: "RuntimeCommand",
            file: #fileID,
            function: #function,
            line: #line
        )
        return isJSON
            ? Self.json(level).line(of: event) : Self.text("florin", level).line(of: event)
    }

    private static func isJSON(_ variables: Variables) throws(ConfigurationProblem) -> Bool {
        switch variables.text("LOG_FORMAT") {
        case nil, "text": return false
        case "json": return true
        case let text?:
            throw ConfigurationProblem(
                "LOG_FORMAT",
                "'\(text.prefix(16))' is not text or json",
                example: "json"
            )
        }
    }

    private static func level(
        _ variables: Variables
    ) throws(ConfigurationProblem) -> Logger.Level {
        let text = variables.text("LOG_LEVEL") ?? "info"
        guard let level = Logger.Level(rawValue: text) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConfigurationProblem(
                "LOG_LEVEL",
                "'\(text.prefix(16))' is none of \(levels)",
                example: "debug"
            )
        }
        return level
    }
}
