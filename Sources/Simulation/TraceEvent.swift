/// An event of a simulation, with its time and process.
public struct TraceEvent: Hashable, Sendable {
    /// The kind of an event.
    public enum Kind: Hashable, Sendable {
        /// A job ran; `ready` is the number of other ready jobs.
        case ran(String, ready: Int)

        /// An application's mark.
        case mark(String)
    }

    /// The virtual time from the start of the run.
    public let time: Duration

    /// The number of steps begun.
    public let step: Int

    /// The name of the process; empty between steps.
    public let process: String

    /// The kind of the event.
    public let kind: Kind
}

extension TraceEvent: CustomStringConvertible {
    /// The event as one line.
    public var description: String {
        let place = "\(self.time) step \(self.step) \(self.process): "
        switch self.kind {
        case .ran(let job, let ready): return place + "\(job), \(ready) others ready"
        case .mark(let text): return place + "| \(text)"
        }
    }
}
