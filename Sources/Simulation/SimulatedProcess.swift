/// A process in a simulation: the tasks that were started in it, and all that those start.
///
/// Every job belongs to the process whose task it is; one that no task of the simulation can be
/// found for belongs to the process that enqueued it. An actor that tasks of two processes enter
/// at once may run both in one job, which then belongs to the first. The process lives as long as
/// its simulation, and all of it is for use on the simulation's thread.
public final class SimulatedProcess: @unchecked Sendable {  // confined to its simulation's thread
    /// The name that it has in traces and reports.
    public let name: String

    /// How many of its jobs have run.
    public internal(set) var stepCount = 0

    unowned let simulation: Simulation
    private(set) lazy var executor = ProcessExecutor(self)
    private(set) lazy var identity = ExecutorIdentity(self.executor, self.name)

    /// How much longer than others its jobs are held back.
    private(set) var slowness: UInt64 = 0

    /// Whether its jobs wait for ``resume()``.
    public private(set) var isPaused = false
    private var parked: [ReadyJob] = []

    private var triggers: [(step: Int, body: @Sendable () -> Void)] = []
    private var nextTrigger = Int.max

    init(_ name: String, _ simulation: Simulation) {
        self.name = name
        self.simulation = simulation
    }

    /// The process whose job is running on this thread.
    public static var current: SimulatedProcess? { Simulation.current?.running }

    /// Starts a task in the process.
    @discardableResult
    public func run(
        _ name: String,
        _ body: @escaping @Sendable () async -> Void
    ) -> Task<Void, Never> {
        Task(name: name, executorPreference: self.executor) { await body() }
    }

    /// A serial executor for one actor of the process.
    ///
    /// Only for an actor that must have a custom one; the default gives as many points where
    /// another task may run.
    public func makeSerialExecutor() -> any SerialExecutor { ActorExecutor(self) }

    /// Keeps its jobs from running, until ``resume()``; timers go on, and wake nobody.
    public func pause() {
        self.isPaused = true
        self.parked += self.simulation.removeReady(of: self)
    }

    /// Lets its jobs run again.
    public func resume() {
        self.isPaused = false
        let parked = self.parked
        self.parked = []
        for job in parked { self.simulation.admit(job) }
    }

    /// Holds each job that becomes ready from now on back for so long; zero ends it.
    public func slow(by delay: Duration) { self.slowness = Nanoseconds.of(delay) }

    /// The time that each job that becomes ready is held back, as ``slow(by:)`` says.
    public var holdBack: Duration { .nanoseconds(Int64(clamping: self.slowness)) }

    /// Calls `body` on the simulation's thread right before the process runs its `count`-th job
    /// from now, of which the next one is the first.
    ///
    /// The job runs afterwards unless `body` pauses the process. For "crash at every await".
    public func onStep(_ count: Int, _ body: @escaping @Sendable () -> Void) {
        precondition(count >= 1, "the next job is the first")
        self.triggers.append((self.stepCount + count, body))
        self.nextTrigger = min(self.nextTrigger, self.stepCount + count)
    }

    /// Forgets what was to happen at steps that will not come.
    func forgetTriggers() {
        self.triggers = []
        self.nextTrigger = .max
    }

    func park(_ job: ReadyJob) { self.parked.append(job) }

    /// Counts a job that is about to run; returns whether it may.
    func beginStep() -> Bool {
        self.stepCount += 1
        guard self.stepCount >= self.nextTrigger else { return true }
        self.fire()
        if self.isPaused { self.stepCount -= 1 }
        return !self.isPaused
    }

    private func fire() {
        let due = self.triggers.filter { $0.step <= self.stepCount }
        self.triggers.removeAll { $0.step <= self.stepCount }
        self.nextTrigger = self.triggers.map(\.step).min() ?? .max
        for trigger in due { trigger.body() }
    }
}
