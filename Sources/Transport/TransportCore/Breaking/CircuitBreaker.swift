/// A circuit breaker for one method of one service.
///
/// - Closed: counts the calls of the last window. Opens when too many failed.
/// - Open: refuses all calls. Becomes half-open after the open time, or when the service reports
///   that it serves again.
/// - Half-open: lets a few probes through. One failure opens it again; enough successes close it.
///   Probes without an answer within the open time are replaced by new ones.
///
/// Calls started before the last change of state are ignored: their results are out of date.
struct CircuitBreaker {
    /// The number of buckets per window; counts expire one bucket at a time.
    static let buckets = 10

    /// The state of the breaker.
    enum State: Hashable {
        case closed
        case open(until: Timeline.Instant)
        case halfOpen(started: Int, succeeded: Int)
    }

    /// The decision on a call.
    enum Admission: Hashable {
        /// The call may be sent; report its end to ``ended(_:failed:at:)`` with the ticket.
        case allowed(Ticket)
        /// The call may not be sent for this long.
        case refused(retryAfter: Duration)
    }

    /// Identifies the state that admitted a call.
    struct Ticket: Hashable {
        fileprivate let epoch: Int
    }

    private let limits: CircuitBreaking
    private(set) var state = State.closed
    private var epoch = 0
    /// The moment at which unanswered probes are replaced.
    private var probesEnd = Timeline.Instant(nanoseconds: 0)
    private var counts: [Bucket]

    private struct Bucket {
        var number: Int64 = -1
        var calls = 0
        var failures = 0
    }

    init(_ limits: CircuitBreaking) {
        self.limits = limits
        self.counts = Array(repeating: Bucket(), count: Self.buckets)
    }

    /// Decides on a call.
    mutating func admit(at now: Timeline.Instant) -> Admission {
        switch self.state {
        case .closed: return self.allowed
        case .open(let until):
            guard now >= until else { return .refused(retryAfter: now.duration(to: until)) }
            return self.firstProbe(at: now)
        case .halfOpen(let started, let succeeded):
            if started == 0 || now >= self.probesEnd { return self.firstProbe(at: now) }
            guard started < self.limits.probes else {
                return .refused(retryAfter: now.duration(to: self.probesEnd))
            }
            self.state = .halfOpen(started: started + 1, succeeded: succeeded)
            return self.allowed
        }
    }

    /// Allows probes at once, because the service reports that it serves again.
    mutating func serviceRecovered() {
        if self.state != .closed { self.change(to: .halfOpen(started: 0, succeeded: 0)) }
    }

    /// Records the end of an admitted call.
    ///
    /// - Returns: true when this opened the breaker.
    mutating func ended(_ ticket: Ticket, failed: Bool, at now: Timeline.Instant) -> Bool {
        guard ticket.epoch == self.epoch else { return false }
        switch self.state {
        case .closed:
            self.count(failed, at: now)
            guard failed, self.isTooMany(at: now) else { return false }
            self.open(at: now)
            return true
        case .halfOpen(let started, let succeeded):
            guard !failed else {
                self.open(at: now)
                return true
            }
            self.succeed(started, succeeded + 1)
            return false
        case .open: return false
        }
    }

    /// Records an admitted call whose caller left: it says nothing of the service.
    mutating func withdrawn(_ ticket: Ticket) {
        guard ticket.epoch == self.epoch,
            case .halfOpen(let started, let succeeded) = self.state
        else { return }
        self.state = .halfOpen(started: max(succeeded, started - 1), succeeded: succeeded)
    }

    private var allowed: Admission { .allowed(Ticket(epoch: self.epoch)) }

    private mutating func firstProbe(at now: Timeline.Instant) -> Admission {
        self.change(to: .halfOpen(started: 1, succeeded: 0))
        self.probesEnd = now.advanced(by: self.limits.openTime)
        return self.allowed
    }

    private mutating func succeed(_ started: Int, _ succeeded: Int) {
        guard succeeded >= self.limits.probes else {
            self.state = .halfOpen(started: started, succeeded: succeeded)
            return
        }
        self.change(to: .closed)
        self.counts = Array(repeating: Bucket(), count: Self.buckets)
    }

    private mutating func open(at now: Timeline.Instant) {
        self.change(to: .open(until: now.advanced(by: self.limits.openTime)))
    }

    private mutating func change(to state: State) {
        self.state = state
        self.epoch += 1
    }

    private func bucketNumber(at now: Timeline.Instant) -> Int64 {
        let width = max(1, self.limits.window.nanosecondsClamped / Int64(Self.buckets))
        return now.nanoseconds / width
    }

    private mutating func count(_ failed: Bool, at now: Timeline.Instant) {
        let number = self.bucketNumber(at: now)
        let index = Int(truncatingIfNeeded: number.magnitude % UInt64(Self.buckets))
        if self.counts[index].number != number { self.counts[index] = Bucket(number: number) }
        self.counts[index].calls += 1
        if failed { self.counts[index].failures += 1 }
    }

    private func isTooMany(at now: Timeline.Instant) -> Bool {
        let oldest = self.bucketNumber(at: now) - Int64(Self.buckets) + 1
        var (calls, failures) = (0, 0)
        for bucket in self.counts where bucket.number >= oldest {
            calls += bucket.calls
            failures += bucket.failures
        }
        return calls >= self.limits.minimumCalls
            && failures * 100 >= calls * self.limits.failurePercent
    }
}
