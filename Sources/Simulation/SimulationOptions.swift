/// How a simulation picks what runs next, how far it may go, and what it does about leaks.
public struct SimulationOptions: Sendable {
    /// Which of the ready jobs runs next.
    public enum Strategy: Hashable, Sendable {
        /// The one that has been ready for longest.
        case fifo

        /// Any of them, with equal chances.
        case random

        /// The one of the task with the highest priority (Burckhardt and others, 2010).
        ///
        /// Priorities are drawn when a task first becomes ready; at `depth - 1` steps among the
        /// first `steps` the task that would run falls below all others. Finds a bug that needs
        /// `depth` ordered events with a known least chance. Jobs of no task draw one each.
        case pct(depth: Int, steps: Int = 5_000)

        /// Where several jobs are ready, the one that the next number says; past the end, the first.
        ///
        /// With `processByProcess` it is chosen among the jobs of one process: for processes that meet
        /// only through messages, which take time, what they do at one moment has no order.
        case replay([Int], processByProcess: Bool = false)
    }

    /// Holds ready jobs back, as a busy machine would.
    ///
    /// Code takes no virtual time, so that without it two activities interleave only where their
    /// timers fall on the same nanosecond, and races between local actors are never found.
    public struct Jitter: Hashable, Sendable {
        /// The chance that a job is held back, from 0 to 1.
        public var chance: Double

        /// The longest that it is held back.
        public var longest: Duration

        /// Holds back one job in ten for up to five milliseconds, unless told otherwise.
        public init(chance: Double = 0.1, longest: Duration = .milliseconds(5)) {
            self.chance = chance
            self.longest = longest
        }

        /// Every job is ready at once.
        public static let none = Jitter(chance: 0, longest: .zero)
    }

    /// What becomes of a call that would tie the run to the real world.
    public enum LeakPolicy: Hashable, Sendable {
        /// Any of them ends the run; the runtime's own `sleep` is one, since it reads a clock.
        case refuse

        /// Reads of clocks and of entropy are answered, from virtual time and from a stream of the
        /// seed: for code that is not ours. The rest ends the run.
        case answer
    }

    /// Which of the ready jobs runs next.
    public var strategy: Strategy = .random

    /// Which of them are held back first.
    public var jitter = Jitter()

    /// More steps than these are a livelock.
    public var stepsMax = 2_000_000

    /// More virtual time than this is a failure.
    public var virtualTimeMax: Duration = .seconds(600)

    /// Whether every event is kept, not only hashed.
    public var keepsTrace = false

    /// What becomes of a call that would tie the run to the real world.
    public var leaks: LeakPolicy = .refuse

    /// A step that takes longer than this in real time ends the process, with a report on stderr
    /// and status 70: a loop that never suspends cannot be unwound.
    public var wallTimeMax: Duration = .seconds(60)

    /// Random choice, with jitter, and no leaks.
    public init() {}
}
