import Console
import Logging
import Telemetry

/// Writes each event as a line of text: time, level, label, `key=value` pairs, module and message.
///
/// Replaces likely secrets (``Redaction``) and escapes control characters (``VisibleText``), so
/// that logged text from a peer cannot forge lines.
struct TextLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let level: LogLevelSwitch
    private let now: @Sendable () -> Double
    private let write: @Sendable (String) -> Void

    /// Makes a handler with the parameters of ``JSONLogHandler`` and the logger's label.
    init(
        label: String,
        level: LogLevelSwitch,
        now: @escaping @Sendable () -> Double,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.label = label
        self.level = level
        self.now = now
        self.write = write
    }

    var logLevel: Logger.Level {
        get { self.level.level }
        set { self.level.level = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) { self.write(self.line(of: event)) }

    /// The line of `event`, with its line break.
    func line(of event: LogEvent) -> String {
        var all = self.metadata.merging(self.metadataProvider?.get() ?? [:]) { $1 }
            .merging(event.metadata ?? [:]) { $1 }
        if let error = event.error { all["error.message"] = "\(error)" }
        var line = "\(LogTime.text(self.now())) \(event.level) \(self.label):"
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(value)" }
        line += " [\(event.source)] \(event.message)"
        return VisibleText.line(Redaction.scrubbed(line)) + "\n"
    }
}
