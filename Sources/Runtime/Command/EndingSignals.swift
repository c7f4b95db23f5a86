import Console
import UnixSignals

extension [UnixSignal] {
    /// Signals that make a process drain and end; a terminal that closes does too, unless `nohup` said otherwise.
    static var ending: [UnixSignal] { [.sigterm, .sigint] + (HangUp.isIgnored ? [] : [.sighup]) }
}
