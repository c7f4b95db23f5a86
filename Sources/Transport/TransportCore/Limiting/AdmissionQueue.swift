/// Who runs now, who waits, and who is sent away.
///
/// A call waits only when its turn is expected to come in the first half of the time that its caller
/// has: what is expected is often wrong, and a queue full of calls that nobody waits for any more
/// helps nobody. One whose turn comes too late for the answer all the same is sent away.
struct AdmissionQueue {
    /// What becomes of a call that comes.
    enum Arrival: Hashable {
        case run
        case wait(ticket: UInt64)
        case shed(retryAfter: Duration)
    }

    /// What becomes of one that waited.
    enum Release: Hashable {
        case run(ticket: UInt64)
        /// Its caller's time is too short for the answer.
        case shed(ticket: UInt64)
    }

    private struct Waiter {
        let ticket: UInt64
        let deadline: Timeline.Instant?
    }

    private let rules: LoadShedding
    private var learnt: DelayLimit
    private var waiters: [Waiter] = []
    private var tickets: UInt64 = 0

    /// Calls that run.
    private(set) var inFlight = 0
    /// Calls that were sent away so far.
    private(set) var shed: UInt64 = 0

    init(_ rules: LoadShedding) {
        self.rules = rules
        self.learnt = DelayLimit(rules)
    }

    /// Calls that may run at a time.
    var limit: Int { self.learnt.limit }
    /// Calls that wait.
    var waiting: Int { self.waiters.count }

    /// A call has come whose caller waits until `deadline`.
    mutating func arrive(deadline: Timeline.Instant?, at now: Timeline.Instant) -> Arrival {
        if self.inFlight < self.limit, self.waiters.isEmpty {
            self.inFlight += 1
            return .run
        }
        let wait = self.expectedWait
        guard self.waiters.count < self.rules.queueMax, self.isInTime(deadline, wait, now) else {
            self.shed += 1
            return .shed(retryAfter: max(wait, .milliseconds(100)))
        }
        self.tickets += 1
        self.waiters.append(Waiter(ticket: self.tickets, deadline: deadline))
        return .wait(ticket: self.tickets)
    }

    /// A call that ran has ended.
    ///
    /// - Parameters:
    ///   - time: How long it took; nil when its caller left.
    ///   - delay: How long what is ready waits here now.
    ///   - now: This moment.
    /// - Returns: those whose turn has come.
    mutating func leave(
        after time: Duration?,
        delay: Duration = .zero,
        at now: Timeline.Instant
    ) -> [Release] {
        self.learnt.observe(time, delay: delay, inFlight: self.inFlight, at: now)
        self.inFlight -= 1
        var releases: [Release] = []
        var taken = 0
        while self.inFlight < self.limit, taken < self.waiters.count {
            let next = self.waiters[taken]
            taken += 1
            if !self.isInTime(next.deadline, .zero, now) {
                self.shed += 1
                releases.append(.shed(ticket: next.ticket))
            } else {
                self.inFlight += 1
                releases.append(.run(ticket: next.ticket))
            }
        }
        self.waiters.removeFirst(taken)
        return releases
    }

    /// A waiting call's caller has left: false when its turn had come.
    mutating func abandon(_ ticket: UInt64) -> Bool {
        guard let place = self.waiters.firstIndex(where: { $0.ticket == ticket }) else {
            return false
        }
        self.waiters.remove(at: place)
        return true
    }

    /// How long it takes until the next that comes has its turn.
    private var expectedWait: Duration {
        self.learnt.meanTime * (Double(self.waiters.count + 1) / Double(self.limit))
    }

    private func isInTime(
        _ deadline: Timeline.Instant?,
        _ wait: Duration,
        _ now: Timeline.Instant
    ) -> Bool {
        guard let deadline else { return true }
        return now.advanced(by: wait * 2 + self.learnt.meanTime) < deadline
    }
}
