import Console
import Foundation

/// The machine's clock, paths and terminal; no run depends on them.
enum Environment {
    static var processorCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    /// Seconds on a monotonic clock.
    static var seconds: Double { ProcessInfo.processInfo.systemUptime }

    /// The path of this executable.
    static var executable: String { Bundle.main.executablePath ?? CommandLine.arguments[0] }

    /// The path of an executable beside this one.
    static func sibling(_ name: String) -> String {
        URL(fileURLWithPath: self.executable).deletingLastPathComponent()
            .appendingPathComponent(name).path
    }

    /// True when standard error is a terminal.
    static var hasAudience: Bool { isatty(2) == 1 }
}

/// Writes a line to standard error.
func complain(_ line: String) { StandardError.say(line) }
