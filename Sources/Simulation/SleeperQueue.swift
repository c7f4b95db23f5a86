/// The sleepers of a ``VirtualClock``: a heap by deadline, then by arrival.
///
/// The key of a cancelled sleeper stays in the heap until it comes up. Once cancelled keys are the
/// majority, the heap is rebuilt without them.
struct SleeperQueue {
    enum Sleeper {
        case task(CheckedContinuation<Void, any Error>)
        case call(@Sendable () -> Void)

        /// Resumes the sleeper at its deadline.
        func wake() {
            switch self {
            case .task(let continuation): continuation.resume()
            case .call(let body): body()
            }
        }

        /// Ends the wait early.
        func cancel() {
            if case .task(let continuation) = self {
                continuation.resume(throwing: CancellationError())
            }
        }
    }

    struct Key: Comparable {
        let deadline: VirtualClock.Instant
        let arrival: UInt64

        static func < (left: Key, right: Key) -> Bool {
            (left.deadline, left.arrival) < (right.deadline, right.arrival)
        }
    }

    private var heap = Heap<Key>()
    private var sleepers: [UInt64: Sleeper] = [:]
    private var arrivals: UInt64 = 0

    /// The number of sleepers.
    var count: Int { self.sleepers.count }

    /// The earliest deadline of a sleeper that is not cancelled.
    var nextDeadline: VirtualClock.Instant? {
        mutating get {
            while let first = self.heap.first, self.sleepers[first.arrival] == nil {
                self.heap.removeFirst()
            }
            return self.heap.first?.deadline
        }
    }

    /// The arrival number of the next sleeper.
    mutating func nextArrival() -> UInt64 {
        self.arrivals += 1
        return self.arrivals
    }

    mutating func insert(_ sleeper: Sleeper, _ key: Key) {
        self.sleepers[key.arrival] = sleeper
        self.heap.insert(key)
    }

    mutating func remove(_ arrival: UInt64) -> Sleeper? {
        guard let sleeper = self.sleepers.removeValue(forKey: arrival) else { return nil }
        if self.heap.elements.count > 2 * self.sleepers.count + 16 { self.rebuild() }
        return sleeper
    }

    /// Removes the sleepers with a deadline at or before `moment`, in order.
    mutating func removeDue(at moment: VirtualClock.Instant) -> [Sleeper] {
        var due: [Sleeper] = []
        while let first = self.heap.first, first.deadline <= moment {
            self.heap.removeFirst()
            if let sleeper = self.sleepers.removeValue(forKey: first.arrival) {
                due.append(sleeper)
            }
        }
        return due
    }

    /// Removes all calls and keeps the tasks.
    mutating func removeCalls() -> [Sleeper] {
        var calls: [Sleeper] = []
        for (arrival, sleeper) in self.sleepers {
            guard case .call = sleeper else { continue }
            calls.append(sleeper)
            self.sleepers[arrival] = nil
        }
        self.rebuild()
        return calls
    }

    private mutating func rebuild() {
        self.heap = Heap(self.heap.elements.filter { self.sleepers[$0.arrival] != nil })
    }
}
