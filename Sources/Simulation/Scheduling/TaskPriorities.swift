/// The priorities of probabilistic concurrency testing (Burckhardt and others, 2010).
///
/// Initial priorities lie above `depth`. At each change point the task that would have run gets a
/// priority below `depth`; later change points give higher ones, as in the paper.
struct TaskPriorities {
    private var ofTasks: [UInt64: UInt64] = [:]
    private var ofJobs: [UInt64: UInt64] = [:]
    private var changeSteps: Set<Int>
    private var step = 0
    private var changes: UInt64 = 0
    private let floor: UInt64

    init(_ depth: Int, _ steps: Int, _ stream: inout RandomStream) {
        precondition(depth >= 1 && steps >= 1, "a depth and its steps begin at one")
        self.floor = UInt64(depth)
        self.changeSteps = []
        for _ in 1..<depth { self.changeSteps.insert(stream.below(steps)) }
    }

    mutating func index(among ready: [ReadyJob], _ stream: inout RandomStream) -> Int {
        defer { self.step += 1 }
        var best = self.highest(among: ready, &stream)
        if self.changeSteps.contains(self.step) {
            self.lower(ready[best])
            best = self.highest(among: ready, &stream)
        }
        self.ofJobs[ready[best].arrival] = nil
        return best
    }

    private mutating func highest(among ready: [ReadyJob], _ stream: inout RandomStream) -> Int {
        var (best, bestPriority) = (0, UInt64.zero)
        for (index, job) in ready.enumerated() {
            let priority = self.priority(of: job, &stream)
            if priority > bestPriority { (best, bestPriority) = (index, priority) }
        }
        return best
    }

    private mutating func priority(of job: ReadyJob, _ stream: inout RandomStream) -> UInt64 {
        if let known = job.task == 0 ? self.ofJobs[job.arrival] : self.ofTasks[job.task] {
            return known
        }
        let drawn = max(stream.next(), self.floor + 1)
        if job.task == 0 {
            self.ofJobs[job.arrival] = drawn
        } else {
            self.ofTasks[job.task] = drawn
        }
        return drawn
    }

    private mutating func lower(_ job: ReadyJob) {
        self.changes += 1
        if job.task == 0 {
            self.ofJobs[job.arrival] = self.changes
        } else {
            self.ofTasks[job.task] = self.changes
        }
    }
}
