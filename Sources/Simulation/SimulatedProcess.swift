/// A process in a simulation: the tasks started in it and their descendants.
///
/// A job belongs to the process of its task; a job whose task is unknown belongs to the process
/// that enqueued it. If tasks of two processes enter an actor at once, one job may run both, and it
/// belongs to the first. A process lives as long as its simulation and must be used on the
/// simulation's thread.
public final class SimulatedProcess: @unchecked Sendable {  // confined to its simulation's thread
    /// The name in traces and reports.
    public let name: String

    /// The number of jobs run.
    public internal(set) var stepCount = 0

    unowned let simulation: Simulation
    private(set) lazy var executor = ProcessExecutor(self)
    private(set) lazy var identity = ExecutorIdentity(self.executor, self.name)

    /// The extra delay of each job, in nanoseconds.
    private(set) var slowness: UInt64 = 0

    /// True between ``pause()`` and ``resume()``.
    public private(set) var isPaused = false
    private var parked: [ReadyJob] = []

    private var triggers: [(step: Int, body: @Sendable () -> Void)] = []
    private var nextTrigger = Int.max

    init(_ name: String, _ simulation: Simulation) {
        self.name = name
        self.simulation = simulation
    }

    /// The process whose job runs on this thread; nil outside of jobs and simulations.
    public static var current: SimulatedProcess? { Simulation.current?.running }

    /// Starts a task in the process.
    @discardableResult
    public func run(
        _ name: String,
        _ body: @escaping @Sendable () async -> Void
    ) -> Task<Void, Never> {
        Task(name: name, executorPreference: self.executor) { await body() }
    }

    /// Makes a serial executor for an actor of this process.
    ///
    /// Only for an actor that requires a custom executor; the default one offers as many points at
    /// which another task may run.
    public func makeSerialExecutor() -> any SerialExecutor { ActorExecutor(self) }

    /// Stops running the process's jobs until ``resume()``.
    ///
    /// Timers keep firing, but the jobs that they wake wait.
    public func pause() {
        self.isPaused = true
        self.parked += self.simulation.removeReady(of: self)
    }

    /// Makes the waiting jobs ready again.
    public func resume() {
        self.isPaused = false
        let parked = self.parked
        self.parked = []
        for job in parked { self.simulation.admit(job) }
    }

    /// Delays every job that becomes ready from now on; zero ends the delay.
    public func slow(by delay: Duration) { self.slowness = Nanoseconds.of(delay) }

    /// The delay set by ``slow(by:)``.
    public var holdBack: Duration { .nanoseconds(Int64(clamping: self.slowness)) }

    /// Calls `body` on the simulation's thread right before the `count`-th job from now; 1 is the
    /// next job.
    ///
    /// The job then runs unless `body` pauses the process. Lets a drill crash a process at every
    /// await.
    public func onStep(_ count: Int, _ body: @escaping @Sendable () -> Void) {
        precondition(count >= 1, "the next job is the first")
        self.triggers.append((self.stepCount + count, body))
        self.nextTrigger = min(self.nextTrigger, self.stepCount + count)
    }

    /// Drops the calls of ``onStep(_:_:)`` that are still to come.
    func forgetTriggers() {
        self.triggers = []
        self.nextTrigger = .max
    }

    func park(_ job: ReadyJob) { self.parked.append(job) }

    /// Counts the next job; returns false if the job must wait.
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
