/// Stops the calls of one method to one service while too many fail.
///
/// Closed, it counts the calls of the last window. Open, it refuses all. After the open time, or as
/// soon as the service says that it serves again, it lets a few probes through, one failure of which
/// opens it again. Probes that have no answer within the open time are given up for new ones. A call
/// that was started before the last change counts for nothing: it says how things were.
struct CircuitBreaker {
    /// Buckets that a window is counted in: what is older than a window leaves in these steps.
    static let buckets = 10

    /// What it does with calls.
    enum State: Hashable {
        case closed
        case open(until: Timeline.Instant)
        case halfOpen(started: Int, succeeded: Int)
    }

    /// What becomes of a call that wants through.
    enum Admission: Hashable {
        /// It may go; say ``ended(_:failed:at:)`` with the ticket.
        case allowed(Ticket)
        /// It may not, for this long.
        case refused(retryAfter: Duration)
    }

    /// Under which state a call was let through.
    struct Ticket: Hashable {
        fileprivate let epoch: Int
    }

    private let limits: CircuitBreaking
    private(set) var state = State.closed
    private var epoch = 0
    /// The moment at which probes without an answer are given up.
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

    /// A call wants through.
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

    /// The service says that it serves again: what is known of it is old.
    mutating func serviceRecovered() {
        if self.state != .closed { self.change(to: .halfOpen(started: 0, succeeded: 0)) }
    }

    /// A call that was let through has ended.
    ///
    /// - Returns: whether the breaker has opened because of it.
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

    /// A call that was let through ended without saying anything of the service: its caller left.
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
