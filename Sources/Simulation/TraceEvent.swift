/// Something that happened in a simulation, at a moment and in a process.
public struct TraceEvent: Hashable, Sendable {
    /// What it was.
    public enum Kind: Hashable, Sendable {
        /// A job ran, of a task or of an actor that several wait for, while others were ready.
        case ran(String, ready: Int)

        /// The application said something.
        case mark(String)
    }

    /// The virtual time from the start of the run.
    public let time: Duration

    /// How many steps had begun.
    public let step: Int

    /// The name of the process; empty between steps.
    public let process: String

    /// What it was.
    public let kind: Kind
}

extension TraceEvent: CustomStringConvertible {
    /// The event in a line.
    public var description: String {
        let place = "\(self.time) step \(self.step) \(self.process): "
        switch self.kind {
        case .ran(let job, let ready): return place + "\(job), \(ready) others ready"
        case .mark(let text): return place + "| \(text)"
        }
    }
}
