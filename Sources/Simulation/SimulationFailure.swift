/// Why a simulation ended before its body did.
public enum SimulationFailure: Error, Hashable {
    /// Nothing is ready, nobody sleeps, and these tasks wait.
    case deadlock(at: Duration, suspended: [String])

    /// The steps are used up; these tasks ran most at the end.
    case livelock(steps: Int, busiest: [String])

    /// The next event lies past the longest virtual time.
    case timeLimit(Duration, suspended: [String])

    /// A thread of the real world resumed, created or enqueued a task of the simulation.
    case foreignResume(at: Duration)

    /// Code on the simulation's thread made this call; the backtrace begins at whoever made it.
    case leak(call: String, during: String, backtrace: [String])
}

extension SimulationFailure: CustomStringConvertible {
    /// The failure in a few lines.
    public var description: String {
        switch self {
        case .deadlock(let time, let suspended):
            "deadlock at \(time): nothing is ready and nobody sleeps" + Self.list(suspended)
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
