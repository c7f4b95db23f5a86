/// Reasons why a simulation ended before its body.
public enum SimulationFailure: Error, Hashable {
    /// No job is ready and no timer is set; lists the suspended tasks.
    case deadlock(at: Duration, suspended: [String])

    /// The limit of steps is reached; lists the tasks that ran most at the end.
    case livelock(steps: Int, busiest: [String])

    /// The next event lies beyond the limit of virtual time.
    case timeLimit(Duration, suspended: [String])

    /// A thread outside the simulation resumed, created or enqueued one of its tasks.
    case foreignResume(at: Duration)

    /// A call on the simulation's thread reached into the real world; the backtrace begins at the
    /// caller.
    case leak(call: String, during: String, backtrace: [String])
}

extension SimulationFailure: CustomStringConvertible {
    /// The failure in a few lines.
    public var description: String {
        switch self {
        case .deadlock(let time, let suspended):
            "deadlock at \(time): no job is ready and no timer is set" + Self.list(suspended)
        case .livelock(let steps, let busiest):
            "livelock: still busy after \(steps) steps" + Self.list(busiest)
        case .timeLimit(let limit, let suspended):
            "ran past its time: the next event comes after \(limit)" + Self.list(suspended)
        case .foreignResume(let time):
            "a thread outside the simulation resumed one of its tasks, seen at \(time)"
        case .leak(let call, let task, let backtrace):
            "leak: \(call) was called in \(task)" + Self.list(backtrace)
        }
    }

    private static func list(_ lines: [String]) -> String { lines.map { "\n  " + $0 }.joined() }
}
