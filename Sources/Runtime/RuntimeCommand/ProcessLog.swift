import Composition
import Logging
import SystemPackage
import Telemetry

/// The log of a serving process, on standard error: lines for people, or JSON.
enum ProcessLog {
    /// Sets the log up as `LOG_FORMAT` and `LOG_LEVEL` say; once in a process.
    ///
    /// - Returns: what its level is turned by.
    /// - Throws: ``ConfigurationProblem`` for a format or a level that is none.
    static func start(_ variables: Variables) throws(ConfigurationProblem) -> LogLevelSwitch {
        let level = LogLevelSwitch(try self.level(variables))
        let isJSON = try self.isJSON(variables)
        LoggingSystem.bootstrap { label in
            guard isJSON else { return TextLogHandler(label: label, level: level) }
            return JSONLogHandler(level: level, now: Environment.exactTime) { line in
                FileDescriptor.standardError.write(line.utf8)
            }
        }
        return level
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

/// swift-log's own lines, without what looks like a secret, at a level that can be turned.
private struct TextLogHandler: LogHandler {
    private var base: StreamLogHandler
    private let level: LogLevelSwitch

    init(label: String, level: LogLevelSwitch) {
        self.base = StreamLogHandler.standardError(label: label)
        self.base.logLevel = .trace
        self.level = level
    }

    var logLevel: Logger.Level {
        get { self.level.level }
        set { self.level.level = newValue }
    }

    var metadata: Logger.Metadata {
        get { self.base.metadata }
        set { self.base.metadata = newValue }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { self.base.metadataProvider }
        set { self.base.metadataProvider = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.base[metadataKey: key] }
        set { self.base[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        var event = event
        event.message = "\(Redaction.scrubbed(event.message.description))"
        event.metadata = event.metadata?.mapValues { .string(Redaction.scrubbed("\($0)")) }
        self.base.log(event: event)
    }
}
