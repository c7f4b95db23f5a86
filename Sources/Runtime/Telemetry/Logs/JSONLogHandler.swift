package import Logging
internal import StrictJSON

/// Writes each event as a line of JSON: `time`, `level`, `message`, and its metadata.
///
/// Replaces likely secrets in every text (``Redaction``).
package struct JSONLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let level: LogLevelSwitch
    private let now: @Sendable () -> Double
    private let write: @Sendable (String) -> Void

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - level: The least level written; shared by all loggers of a process.
    ///   - now: Seconds since 1970.
    ///   - write: Receives a line with its line break.
    package init(
        level: LogLevelSwitch,
        now: @escaping @Sendable () -> Double,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.level = level
        self.now = now
        self.write = write
    }

    package var logLevel: Logger.Level {
        get { self.level.level }
        set { self.level.level = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) { self.write(self.line(of: event)) }

    /// The line of `event`, with its line break.
    package func line(of event: LogEvent) -> String {
        var line = JSONObject()
        line["time"] = .string(LogTime.text(self.now()))
        line["level"] = .string(event.level.rawValue)
        line["message"] = .string(Redaction.scrubbed(event.message.description))
        if let error = event.error { line["error"] = .string(Redaction.scrubbed("\(error)")) }
        let inherited = self.metadata.merging(self.metadataProvider?.get() ?? [:]) { $1 }
        let all = inherited.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) where line[key] == nil {
            line[key] = Self.json(value)
        }
        let bytes = JSONWriter.write(.object(line))
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }

    private static func json(_ value: Logger.Metadata.Value) -> JSONValue {
        switch value {
        case .string(let text): return .string(Redaction.scrubbed(text))
        case .stringConvertible(let value): return Self.json(value)
        case .array(let values): return .array(values.map(Self.json))
        case .dictionary(let members):
            var object = JSONObject()
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                object[key] = Self.json(value)
            }
            return .object(object)
        @unknown default: return .string(Redaction.scrubbed("\(value)"))
        }
    }

    /// A number stays a number unless it looks like a secret.
    private static func json(_ value: any CustomStringConvertible) -> JSONValue {
        let text = Redaction.scrubbed(value.description)
        guard let integer = value as? any BinaryInteger, text == value.description,
            let number = Int64(exactly: integer)
        else { return .string(text) }
        return .number(JSONNumber(number))
    }
}
