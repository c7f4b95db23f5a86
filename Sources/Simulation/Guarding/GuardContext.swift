internal import CSimulationGuard

/// The C guard's state for one simulation, and the only owner of its memory.
///
/// The memory lives from `init` to `deinit`. Between ``bind(_:)`` and ``unbind()`` the guard finds
/// it from the simulation's thread, and the watchdog thread reads its counters.
@safe
struct GuardContext: ~Copyable {
    private let pointer: UnsafeMutablePointer<simguard_context>

    init(seed: UInt64, _ options: SimulationOptions) {
        var stream = RandomStream(seed: seed, name: "entropy")
        var context = unsafe simguard_context()
        unsafe context.seed = seed
        unsafe context.entropy = (stream.next(), stream.next(), stream.next(), stream.next())
        unsafe context.answers = options.leaks == .answer
        unsafe context.wall_nanoseconds_max = Nanoseconds.of(options.wallTimeMax)
        unsafe self.pointer = .allocate(capacity: 1)
        unsafe self.pointer.initialize(to: context)
    }

    deinit {
        unsafe simguard_forget_tasks(self.pointer)
        unsafe self.pointer.deallocate()
    }

    /// True if sets iterate in the same order in every process.
    static var hasDeterministicHashing: Bool { simguard_hashing_is_deterministic() }

    /// True if the guard detects threads and queues; false under a sanitizer.
    static var noticesThreads: Bool { simguard_notices_threads() }

    /// The simulation bound to this thread.
    static var current: Simulation? {
        guard let context = unsafe simguard_current() else { return nil }
        return unsafe Unmanaged<Simulation>.fromOpaque(context.pointee.owner).takeUnretainedValue()
    }

    /// True on the thread to which this context is bound.
    var isHere: Bool { unsafe simguard_current() == self.pointer }

    func bind(_ owner: Simulation) {
        unsafe self.pointer.pointee.owner = Unmanaged.passUnretained(owner).toOpaque()
        unsafe simguard_bind(self.pointer)
    }

    func unbind() { unsafe simguard_unbind(self.pointer) }

    /// Virtual nanoseconds since the start of the run.
    var now: UInt64 {
        get { unsafe self.pointer.pointee.now }
        nonmutating set { unsafe self.pointer.pointee.now = newValue }
    }

    /// The number of tasks created, child tasks included.
    var tasksCreated: Int { unsafe Int(self.pointer.pointee.tasks_created) }

    /// Marks the start of a job of this process: tasks that it creates get the process's executor.
    func beginStep(_ identity: ExecutorIdentity, _ task: UInt64) {
        unsafe simguard_begin_step(
            self.pointer,
            identity.object,
            identity.witness,
            identity.name.bytes,
            task
        )
    }

    /// The last job's task, by the runtime's number, and its process.
    var lastTask: (task: UInt64, process: String) {
        let process = unsafe self.pointer.pointee.running_process.map { unsafe String(cString: $0) }
        return unsafe (self.pointer.pointee.running_task, process ?? "no process")
    }

    /// Reports progress to the watchdog, and drops finished tasks when there are many.
    func endStep() {
        if unsafe simguard_end_step(self.pointer) { self.sweep() }
    }

    /// Drops finished tasks.
    func sweep() { unsafe simguard_sweep(self.pointer) }

    /// True after a call that leaked into the real world.
    var hasLeak: Bool { unsafe self.pointer.pointee.leak != nil }

    /// The first leaked call, with the caller's backtrace.
    var leak: (call: String, backtrace: [String])? {
        guard let call = unsafe self.pointer.pointee.leak else { return nil }
        let frames = unsafe withUnsafeBytes(of: &self.pointer.pointee.leak_frames) { bytes in
            let frames = unsafe bytes.bindMemory(to: UnsafeMutableRawPointer?.self)
            return unsafe frames.prefix(Int(self.pointer.pointee.leak_depth)).map {
                unsafe Self.describe($0)
            }
        }
        return unsafe (String(cString: call), Self.strip(frames))
    }

    /// All unfinished tasks, in order of creation.
    var liveTasks: [LiveTask] {
        let count = unsafe self.pointer.pointee.task_count
        return (0..<count).compactMap { index in
            unsafe self.pointer.pointee.tasks.flatMap { tasks in
                let task = unsafe tasks + index
                return unsafe simguard_is_live(task) ? LiveTask(task.pointee) : nil
            }
        }
    }

    /// The task with this number of the runtime, finished or not; nil once dropped.
    func task(_ id: UInt64) -> LiveTask? {
        guard let tasks = unsafe self.pointer.pointee.tasks else { return nil }
        let count = unsafe self.pointer.pointee.task_count
        let index = (0..<count).last { unsafe tasks[$0].id == id }
        return index.map { unsafe LiveTask(tasks[$0]) }
    }

    private static func describe(_ frame: UnsafeMutableRawPointer?) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
            unsafe simguard_describe_frame(frame, buffer.baseAddress, buffer.count)
            return unsafe buffer.baseAddress.map { unsafe String(cString: $0) } ?? ""
        }
    }

    /// Drops the guard's frames at the top and the simulation's at the bottom.
    private static func strip(_ frames: [String]) -> [String] {
        let callers = frames.drop { $0.hasPrefix("simguard_") }.dropFirst()
        return Array(callers.prefix { !$0.contains("runJobInEstablishedExecutorContext") })
    }
}
