import Synchronization
import TransportCore

/// Runs delayed deliveries as timers, or as children of one root task.
///
/// The root starts with the first job or ``start()``, and ends with ``close()``.
final class DeliveryScheduler: Sendable {
    typealias Job = @Sendable () async -> Void

    /// The most jobs and timers at once; further ones are refused.
    static let jobsMax = 65_536

    private let timeline: Timeline
    private let jobs: AsyncStream<Job>
    private let queue: AsyncStream<Job>.Continuation
    private let root = Mutex<Task<Void, Never>?>(nil)
    private let running = Atomic<Int>(0)
    private let isClosed = Atomic<Bool>(false)

    init(_ timeline: Timeline) {
        self.timeline = timeline
        (self.jobs, self.queue) = AsyncStream.makeStream(
            of: Job.self,
            bufferingPolicy: .bufferingOldest(Self.jobsMax)
        )
    }

    deinit { self.queue.finish() }

    /// Calls `deliver` after `delay`; at once when that is zero.
    ///
    /// - Returns: false when too many deliveries are pending or the scheduler is closed.
    func after(_ delay: Duration, _ deliver: @escaping @Sendable () -> Void) -> Bool {
        if delay <= .zero {
            deliver()
            return true
        }
        let due = self.timeline.now.advanced(by: delay)
        let timeline = self.timeline
        if let isOff = self.ring(at: due, deliver) { return isOff }
        return self.run {
            do { try await timeline.sleep(until: due) } catch { return }
            deliver()
        }
    }

    /// Schedules `deliver` at `due` as a timer.
    ///
    /// - Returns: nil when the timeline has no timers; false when too many deliveries are pending
    ///   or the scheduler is closed.
    private func ring(
        at due: Timeline.Instant,
        _ deliver: @escaping @Sendable () -> Void
    ) -> Bool? {
        guard self.running.load(ordering: .relaxed) < Self.jobsMax,
            !self.isClosed.load(ordering: .relaxed)
        else { return false }
        let cancel = self.timeline.call(at: due) {
            self.running.subtract(1, ordering: .relaxed)
            if !self.isClosed.load(ordering: .relaxed) { deliver() }
        }
        guard cancel != nil else { return nil }
        self.running.add(1, ordering: .relaxed)
        return true
    }

    /// Runs `job` as a child of the root; closing the scheduler cancels it.
    ///
    /// - Returns: false when too many jobs run or the scheduler is closed.
    func run(_ job: @escaping Job) -> Bool {
        self.start()
        guard self.running.load(ordering: .relaxed) < Self.jobsMax else { return false }
        self.running.add(1, ordering: .relaxed)
        if case .enqueued = self.queue.yield(job) { return true }
        self.running.subtract(1, ordering: .relaxed)
        return false
    }

    /// Starts the root unless it is running.
    func start() {
        self.root.withLock { root in
            guard root == nil else { return }
            root = Task(name: "courier") { [jobs = self.jobs, weak self] in
                await withDiscardingTaskGroup { group in
                    for await job in jobs {
                        group.addTask(name: "flight") {
                            await job()
                            self?.running.subtract(1, ordering: .relaxed)
                        }
                    }
                }
            }
        }
    }

    /// Drops pending deliveries and waits until all jobs have ended.
    func close() async {
        self.isClosed.store(true, ordering: .relaxed)
        self.queue.finish()
        let root = self.root.withLock { $0 }
        root?.cancel()
        await root?.value
    }
}
