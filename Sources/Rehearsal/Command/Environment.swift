import Console
import Foundation

/// The facts that a drill takes from its machine; nothing of them reaches a run.
enum Environment {
    static var processorCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    /// Seconds on a clock that never goes back.
    static var seconds: Double { ProcessInfo.processInfo.systemUptime }

    /// The path of this executable.
    static var executable: String { Bundle.main.executablePath ?? CommandLine.arguments[0] }

    /// The path of another executable in this one's folder.
    static func sibling(_ name: String) -> String {
        URL(fileURLWithPath: self.executable).deletingLastPathComponent()
            .appendingPathComponent(name).path
    }

    /// True when somebody looks at the standard error.
    static var hasAudience: Bool { isatty(2) == 1 }
}

/// Says a line on standard error.
func complain(_ line: String) { StandardError.say(line) }
