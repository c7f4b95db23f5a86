/// A run of concurrent code on one thread and in virtual time, determined by a seed.
///
/// Every job of every task goes to one list of ready jobs, from which a random stream of the seed
/// picks. When the list is empty, time jumps to the next event. The same build, options and seed
/// therefore give the same run, whatever else the machine does. A simulation lives for one
/// ``run(seed:options:_:)`` and belongs to the thread that this starts.
///
/// Jobs arrive in two ways: the guard gives each task created on the thread the executor of its
/// process (``ProcessExecutor``), and jobs without a preferred executor come through the
/// ``Router``.
public final class Simulation: @unchecked Sendable {  // confined to its own thread
    /// The seed that determines the run.
    public let seed: UInt64

    /// The clock of the run.
    ///
    /// Advances only when no job is ready; user code must not advance it.
    public let clock = VirtualClock()

    let options: SimulationOptions
    let context: GuardContext
    var progress: Progress
    var chooser: Chooser
    var ready: [ReadyJob] = []
    var held = HeldJobs()
    var log: TraceLog

    var jitter: JitterSource

    /// Set by threads outside the simulation that touched its tasks.
    let foreign = Flag()

    /// The process of the running job; nil between jobs.
    var running: SimulatedProcess?

    private(set) var processes: [String: SimulatedProcess] = [:]

    init(seed: UInt64, options: SimulationOptions) {
        self.seed = seed
        self.options = options
        self.context = GuardContext(seed: seed, options)
        self.progress = Progress()
        self.chooser = Chooser(
            options.strategy,
            stream: RandomStream(seed: seed, name: "schedule")
        )
        self.jitter = JitterSource(
            options.jitter,
            stream: RandomStream(seed: seed, name: "jitter")
        )
        self.log = TraceLog(isKept: options.keepsTrace)
    }

    /// The counters of a run.
    struct Progress {
        var arrivals: UInt64 = 0
        var steps = 0
        var isFinished = false
    }

    /// The simulation bound to this thread, if any.
    public static var current: Simulation? { GuardContext.current }

    /// The random stream called `name`, from its beginning on every call.
    public func stream(_ name: String) -> RandomStream {
        RandomStream(seed: self.seed, name: name)
    }

    /// The process called `name`, created on first use.
    ///
    /// The body of the run belongs to the process `scenario`.
    public func process(_ name: String) -> SimulatedProcess {
        if let process = self.processes[name] { return process }
        let process = SimulatedProcess(name, self)
        self.processes[name] = process
        return process
    }

    /// Suspends or resumes choices while schedules are explored.
    ///
    /// While fixed, the first ready job runs and no choice is recorded. Affects only the replay
    /// strategy.
    public func fixOrder(_ isFixed: Bool) { self.chooser.isFixed = isFixed }

    /// Adds an application event to the trace hash, and to the trace if it is kept.
    public func mark(_ text: @autoclosure () -> String) {
        let text = text()
        self.log.mix(text)
        if self.log.isKept { self.log.append(self.event(.mark(text))) }
    }

    /// Adds an application event to the trace if it is kept, but not to the hash.
    public func note(_ text: @autoclosure () -> String) {
        if self.log.isKept { self.log.append(self.event(.mark(text()))) }
    }

    /// Adds an application's number to the trace hash.
    public func mix(_ value: Int) { self.log.mix(UInt64(bitPattern: Int64(value))) }

    /// The process of a job that names none.
    var attributed: SimulatedProcess { self.running ?? self.process("scenario") }

    /// The process with this executor.
    func process(ofExecutor identity: UInt64) -> SimulatedProcess? {
        self.processes.values.first { $0.identity.object == identity }
    }

    func event(_ kind: TraceEvent.Kind) -> TraceEvent {
        TraceEvent(
            time: Nanoseconds.duration(self.context.now),
            step: self.progress.steps,
            process: self.running?.name ?? "",
            kind: kind
        )
    }
}

extension Simulation {
    /// Runs a seed twice and compares the trace hashes.
    ///
    /// If they differ, runs the seed twice more with traces and reports where those diverge.
    public static func verify<Value: Sendable>(
        seed: UInt64,
        options: SimulationOptions = SimulationOptions(),
        _ body: @escaping @Sendable (Simulation) async throws -> Value
    ) -> SimulationVerification<Value> {
        let (first, second) = (
            self.run(seed: seed, options: options, body),
            self.run(seed: seed, options: options, body)
        )
        guard first.traceHash != second.traceHash else {
            return SimulationVerification(run: first, divergence: nil)
        }
        var options = options
        options.keepsTrace = true
        let divergence = TraceDivergence(
            self.run(seed: seed, options: options, body).trace,
            self.run(seed: seed, options: options, body).trace
        )
        return SimulationVerification(run: first, divergence: divergence)
    }
}

/// The result of running a seed twice.
public struct SimulationVerification<Value: Sendable>: Sendable {
    /// The first of the two runs.
    public let run: SimulationRun<Value>

    /// The point of divergence; nil if the hashes are equal.
    public let divergence: TraceDivergence?
}
