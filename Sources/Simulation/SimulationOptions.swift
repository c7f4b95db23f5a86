/// The scheduling, limits and leak policy of a simulation.
public struct SimulationOptions: Sendable {
    /// The choice of the next job among the ready ones.
    public enum Strategy: Hashable, Sendable {
        /// The job that has been ready for longest.
        case fifo

        /// Any job, with equal chances.
        case random

        /// The job of the task with the highest priority (Burckhardt and others, 2010).
        ///
        /// A task draws its priority when it first becomes ready. At `depth - 1` of the first
        /// `steps` steps the task that would run falls below all others. Finds a bug that needs
        /// `depth` ordered events with a known minimal probability. Jobs without a task draw a
        /// priority each.
        case pct(depth: Int, steps: Int = 5_000)

        /// The job at the next recorded index where several are ready; the first after the last
        /// index.
        ///
        /// With `processByProcess` the index counts only the jobs of one process. Processes that
        /// interact only through messages, which take time, need no order among simultaneous jobs.
        case replay([Int], processByProcess: Bool = false)
    }

    /// Random delays of ready jobs, as on a busy machine.
    ///
    /// Code takes no virtual time. Without jitter two activities interleave only if their timers
    /// fall on the same nanosecond, and races between local actors stay hidden.
    public struct Jitter: Hashable, Sendable {
        /// The probability that a job is delayed, from 0 to 1.
        public var chance: Double

        /// The longest delay.
        public var longest: Duration

        /// By default, delays one job in ten for up to five milliseconds.
        public init(chance: Double = 0.1, longest: Duration = .milliseconds(5)) {
            self.chance = chance
            self.longest = longest
        }

        /// No delays.
        public static let none = Jitter(chance: 0, longest: .zero)
    }

    /// The handling of calls that would tie the run to the real world.
    public enum LeakPolicy: Hashable, Sendable {
        /// Every such call ends the run, the runtime's own `sleep` included, since it reads a
        /// clock.
        case refuse

        /// Reads of clocks and entropy return virtual time and bits from the seed, for third-party
        /// code. Other calls end the run.
        case answer
    }

    /// The choice of the next job among the ready ones.
    public var strategy: Strategy = .random

    /// The delays of ready jobs.
    public var jitter = Jitter()

    /// The limit of steps; beyond it the run fails as a livelock.
    public var stepsMax = 2_000_000

    /// The limit of virtual time.
    public var virtualTimeMax: Duration = .seconds(600)

    /// True to keep every event, not only the hash.
    public var keepsTrace = false

    /// The handling of calls that would tie the run to the real world.
    public var leaks: LeakPolicy = .refuse

    /// The limit of real time for one step.
    ///
    /// A longer step ends the process, with a report on stderr and status 70: a loop that never
    /// suspends cannot be unwound.
    public var wallTimeMax: Duration = .seconds(60)

    /// Random choice with jitter; leaks end the run.
    public init() {}
}
