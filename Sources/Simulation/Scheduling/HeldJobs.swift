/// Jobs that become ready later: a heap by time, then by arrival.
struct HeldJobs {
    struct Entry: Comparable {
        /// Virtual nanoseconds since the start of the run.
        let time: UInt64
        let job: ReadyJob

        /// True for a timer of the runtime: when due it is enqueued like any new job.
        let isTimer: Bool

        static func < (left: Entry, right: Entry) -> Bool {
            (left.time, left.job.arrival) < (right.time, right.job.arrival)
        }

        static func == (left: Entry, right: Entry) -> Bool {
            (left.time, left.job.arrival) == (right.time, right.job.arrival)
        }
    }

    private var heap = Heap<Entry>()

    /// The time at which the next job is due.
    var nextTime: UInt64? { self.heap.first?.time }

    mutating func insert(_ entry: Entry) { self.heap.insert(entry) }

    /// Removes the first job that is due by `time`.
    mutating func removeDue(by time: UInt64) -> Entry? {
        guard let first = self.heap.first, first.time <= time else { return nil }
        self.heap.removeFirst()
        return first
    }

    /// Removes all jobs that satisfy the predicate, in order.
    mutating func removeAll(where isWanted: (Entry) -> Bool) -> [Entry] {
        let wanted = self.heap.elements.filter(isWanted).sorted()
        self.heap = Heap(self.heap.elements.filter { !isWanted($0) })
        return wanted
    }
}
