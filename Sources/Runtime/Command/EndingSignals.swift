import Console
import UnixSignals

extension [UnixSignal] {
    /// The signals that drain and end a process: SIGTERM, SIGINT and, unless ignored as by `nohup`,
    /// SIGHUP.
    static var ending: [UnixSignal] { [.sigterm, .sigint] + (HangUp.isIgnored ? [] : [.sighup]) }
}
