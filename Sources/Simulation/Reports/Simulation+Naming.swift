/// The names of tasks in failures and traces.
extension Simulation {
    /// The number of further steps that count how often each task runs in a livelock.
    private static let watchedSteps = 2_000
    private static let busiestMax = 8
    /// The most tasks listed by name; the rest are counted.
    private static let namedMax = 200

    func deadlock() -> SimulationFailure {
        .deadlock(at: Nanoseconds.duration(self.context.now), suspended: self.unfinished)
    }

    func timeLimit() -> SimulationFailure {
        .timeLimit(self.options.virtualTimeMax, suspended: self.unfinished)
    }

    var leakFailure: SimulationFailure? {
        guard let leak = self.context.leak else { return nil }
        let task = self.context.lastTask
        return .leak(call: leak.call, during: self.label(task), backtrace: leak.backtrace)
    }

    /// All unfinished tasks, child tasks included.
    private var unfinished: [String] { self.names(self.context.liveTasks) }

    /// The unfinished unstructured tasks.
    var unfinishedRoots: [String] {
        self.names(self.context.liveTasks.filter { !$0.isChild })
    }

    private func names(_ tasks: [LiveTask]) -> [String] {
        let more = tasks.count - Self.namedMax
        return tasks.prefix(Self.namedMax).map(self.label) + (more > 0 ? ["and \(more) more"] : [])
    }

    /// Runs further steps and names the tasks that run most.
    func livelock() -> SimulationFailure {
        let steps = self.progress.steps
        var counts: [String: Int] = [:]
        for _ in 0..<Self.watchedSteps {
            guard !self.ready.isEmpty || (try? self.advance()) != nil else { break }
            self.step()
            let last = self.context.lastTask
            // A job without a task only leads to the next job of some task.
            if last.task != 0 { counts[self.label(last), default: 0] += 1 }
        }
        let busiest = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let lines = busiest.prefix(Self.busiestMax).map { "\($0.key): \($0.value) steps" }
        return .livelock(steps: steps, busiest: lines)
    }

    func kind(of job: ReadyJob) -> TraceEvent.Kind {
        .ran(self.label((job.task, job.process.name)), ready: self.ready.count)
    }

    private func label(_ last: (task: UInt64, process: String)) -> String {
        if let task = self.context.task(last.task) { return self.label(task) }
        return last.task == 0 ? "a job of \(last.process)" : "a task of \(last.process)"
    }

    private func label(_ task: LiveTask) -> String {
        let process = self.process(ofExecutor: task.executor)?.name ?? "no process"
        let name = task.name.map { " (\($0))" } ?? ""
        return "task \(task.number) of \(process)\(name)"
    }
}
