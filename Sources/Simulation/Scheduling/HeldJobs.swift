/// Jobs that become ready later: a heap by time, then by arrival.
struct HeldJobs {
    struct Entry {
        /// Virtual nanoseconds since the start of the run.
        let time: UInt64
        let job: ReadyJob

        /// True for a timer of the runtime: when due it is enqueued like any new job.
        let isTimer: Bool

        fileprivate func precedes(_ other: Entry) -> Bool {
            (self.time, self.job.arrival) < (other.time, other.job.arrival)
        }
    }

    private var heap: [Entry] = []

    /// The time at which the next job is due.
    var nextTime: UInt64? { self.heap.first?.time }

    mutating func insert(_ entry: Entry) {
        self.heap.append(entry)
        var child = self.heap.count - 1
        while child > 0, self.heap[child].precedes(self.heap[(child - 1) / 2]) {
            self.heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Removes the first job that is due by `time`.
    mutating func removeDue(by time: UInt64) -> Entry? {
        guard let first = self.heap.first, first.time <= time else { return nil }
        self.heap.swapAt(0, self.heap.count - 1)
        self.heap.removeLast()
        self.siftDown()
        return first
    }

    /// Removes all jobs that satisfy the predicate, in order.
    mutating func removeAll(where isWanted: (Entry) -> Bool) -> [Entry] {
        let wanted = self.heap.filter(isWanted).sorted { $0.precedes($1) }
        self.heap = self.heap.filter { !isWanted($0) }.sorted { $0.precedes($1) }
        return wanted
    }

    private mutating func siftDown() {
        var parent = 0
        while 2 * parent + 1 < self.heap.count {
            var child = 2 * parent + 1
            let sibling = child + 1
            if sibling < self.heap.count, self.heap[sibling].precedes(self.heap[child]) {
                child = sibling
            }
            guard self.heap[child].precedes(self.heap[parent]) else { return }
            self.heap.swapAt(child, parent)
            parent = child
        }
    }
}
