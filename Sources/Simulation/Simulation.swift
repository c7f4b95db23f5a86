/// A run of concurrent code on one thread, in virtual time, that a seed decides entirely.
///
/// Every job of every task comes into one list of ready jobs, and one is picked with a random
/// stream of the seed; when none is ready, time jumps to the next moment at which one will be. So
/// the same build, options and seed give the same run, whatever else the machine does. A simulation
/// lives for one ``run(seed:options:_:)``, and belongs to the thread that this starts.
///
/// How jobs get here: the guard gives each task that is created on the thread the executor of its
/// process (``ProcessExecutor``); what prefers no executor comes through the ``Router``.
public final class Simulation: @unchecked Sendable {  // confined to its own thread
    /// What decides the run.
    public let seed: UInt64

    /// The time of the run, which moves only when nothing is ready; nobody else may move it.
    public let clock = VirtualClock()

    let options: SimulationOptions
    let context: GuardContext
    var progress: Progress
    var chooser: Chooser
    var ready: [ReadyJob] = []
    var held = HeldJobs()
    var log: TraceLog

    var jitter: JitterSource

    /// Set by threads that are not ours.
    let foreign = Flag()

    /// The process whose job runs, if one does.
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

    /// What the kernel counts.
    struct Progress {
        var arrivals: UInt64 = 0
        var steps = 0
        var isFinished = false
    }

    /// The simulation whose thread this is, or nil elsewhere.
    public static var current: Simulation? { GuardContext.current }

    /// The random stream called `name`: always the same one, from its beginning.
    public func stream(_ name: String) -> RandomStream {
        RandomStream(seed: self.seed, name: name)
    }

    /// The process called `name`, which begins to exist with the first call.
    ///
    /// The body of the run is in the one called `scenario`.
    public func process(_ name: String) -> SimulatedProcess {
        if let process = self.processes[name] { return process }
        let process = SimulatedProcess(name, self)
        self.processes[name] = process
        return process
    }

    /// Says whether what comes now is of no interest to who explores schedules.
    ///
    /// Then the first of the ready jobs runs, and no choice is made; nothing changes unless choices are
    /// replayed.
    public func fixOrder(_ isFixed: Bool) { self.chooser.isFixed = isFixed }

    /// Puts an event of the application into the hash, and into the trace when it is kept.
    public func mark(_ text: @autoclosure () -> String) {
        let text = text()
        self.log.mix(text)
        if self.log.isKept { self.log.append(self.event(.mark(text))) }
    }

    /// Puts an event of the application into the trace when it is kept, and not into the hash.
    public func note(_ text: @autoclosure () -> String) {
        if self.log.isKept { self.log.append(self.event(.mark(text()))) }
    }

    /// Puts a number of the application's own into the hash.
    public func mix(_ value: Int) { self.log.mix(UInt64(bitPattern: Int64(value))) }

    /// To whom a job belongs that says nothing about it.
    var attributed: SimulatedProcess { self.running ?? self.process("scenario") }

    /// The process that has this executor.
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
