package import Logging
import Synchronization

/// The log level of a process, changeable at run time.
package final class LogLevelSwitch: Sendable {
    private let place: Atomic<Int>

    package init(_ level: Logger.Level) { self.place = Atomic(Self.place(of: level)) }

    package var level: Logger.Level {
        get { Logger.Level.allCases[self.place.load(ordering: .relaxed)] }
        set { self.place.store(Self.place(of: newValue), ordering: .relaxed) }
    }

    private static func place(of level: Logger.Level) -> Int {
        Logger.Level.allCases.firstIndex(of: level) ?? 0
    }
}
