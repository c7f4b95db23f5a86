/// Decides which calls run, wait or are shed.
///
/// A call waits only if twice its expected wait and the mean time of a call fit before its
/// deadline: estimates are often wrong, and a queue of calls that nobody awaits helps nobody. A
/// call whose turn still comes too late for an answer is shed then.
struct AdmissionQueue {
    /// The decision on a new call.
    enum Arrival: Hashable {
        case run
        case wait(ticket: UInt64)
        case shed(retryAfter: Duration)
    }

    /// The decision on a call that waited.
    enum Release: Hashable {
        case run(ticket: UInt64)
        /// The remaining time is too short for an answer.
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

    /// The number of running calls.
    private(set) var inFlight = 0
    /// The number of calls shed so far.
    private(set) var shed: UInt64 = 0

    init(_ rules: LoadShedding) {
        self.rules = rules
        self.learnt = DelayLimit(rules)
    }

    /// The number of calls that may run at a time.
    var limit: Int { self.learnt.limit }
    /// The number of waiting calls.
    var waiting: Int { self.waiters.count }

    /// Decides on a new call whose caller waits until `deadline`.
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

    /// Records the end of a running call.
    ///
    /// - Parameters:
    ///   - time: The duration of the call; nil when its caller left.
    ///   - delay: The current time that ready work waits in this process.
    ///   - now: The current time.
    ///
    /// - Returns: the waiting calls to run or shed now.
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

    /// Removes a waiting call whose caller left; false when its turn had come.
    mutating func abandon(_ ticket: UInt64) -> Bool {
        guard let place = self.waiters.firstIndex(where: { $0.ticket == ticket }) else {
            return false
        }
        self.waiters.remove(at: place)
        return true
    }

    /// The expected wait of the next call.
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
