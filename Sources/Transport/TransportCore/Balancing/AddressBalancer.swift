/// Chooses the address that a call goes to, and leaves out those that fail.
///
/// A value that its owner asks and tells: which address is next, that a call began there, how it
/// ended. Whether an address can take a call at all is the owner's to say.
package struct AddressBalancer<Key: Hashable & Sendable>: Sendable {
    /// What a call said of the address that took it.
    package enum Outcome: Hashable, Sendable {
        case success
        case failure
        /// Nothing: its caller left.
        case neutral

        /// What the end of a call says.
        package init(_ code: StatusCode?) {
            switch code {
            case .unavailable, .deadlineExceeded, .internalError, .unknown: self = .failure
            case .cancelled: self = .neutral
            default: self = .success
            }
        }
    }

    private struct Entry {
        let key: Key
        var inFlight = 0
        /// Seconds of a call, newer ones counting more; zero before the first.
        var latency = 0.0
        var failures = 0
        var ejections = 0
        var ejectedUntil: Timeline.Instant?
    }

    /// How much the newest call counts in the mean time of an address.
    private static var newest: Double { 0.3 }

    /// An ejection is at the most this many times as long as the first.
    private static var ejectionsMax: Int { 10 }

    private let balancing: ServiceConfig.Balancing
    private let outliers: OutlierDetection?
    private var entries: [Entry] = []
    private var turn = 0

    /// A balancer as `config` says, without addresses yet.
    package init(_ config: ServiceConfig) {
        self.balancing = config.balancing
        self.outliers = config.outlierDetection
    }

    /// These are the addresses now; what is known of those that stay is kept.
    package mutating func adopt(_ keys: [Key]) {
        let old = self.entries
        self.entries = keys.map { key in old.first { $0.key == key } ?? Entry(key: key) }
        // The first of new addresses is next.
        if old.isEmpty { self.turn = max(0, keys.count - 1) }
    }

    /// The place of the address for the next call among those that `isUsable`; nil when none is.
    ///
    /// An ejected one is chosen when there is no other. `draw` is uniform in 0..<1.
    package mutating func pick(
        at now: Timeline.Instant,
        draw: () -> Double,
        isUsable: (Int) -> Bool
    ) -> Int? {
        let isIn = self.entries.indices.map { !self.isEjected($0, at: now) }
        return self.choose(draw, among: { isIn[$0] && isUsable($0) })
            ?? self.choose(draw, among: isUsable)
    }

    /// A call begins at the address at `place`.
    package mutating func started(_ place: Int) { self.entries[place].inFlight += 1 }

    /// A call at `key` has ended after `time`.
    package mutating func ended(
        _ key: Key,
        _ outcome: Outcome,
        after time: Duration,
        at now: Timeline.Instant
    ) {
        guard let place = self.entries.firstIndex(where: { $0.key == key }) else { return }
        self.entries[place].inFlight -= 1
        switch outcome {
        case .neutral: return
        case .success: self.succeeded(place, time, at: now)
        case .failure: self.failed(place, at: now)
        }
    }

    /// The address begins anew, as after a restart or once it says that it serves: what it did before
    /// counts no more.
    package mutating func renewed(_ key: Key) {
        guard let place = self.entries.firstIndex(where: { $0.key == key }) else { return }
        let inFlight = self.entries[place].inFlight
        self.entries[place] = Entry(key: key, inFlight: inFlight)
    }

    /// Whether the address at `place` is left out for now.
    package func isEjected(_ place: Int, at now: Timeline.Instant) -> Bool {
        self.entries[place].ejectedUntil.map { now < $0 } ?? false
    }

    // MARK: Private

    private mutating func choose(
        _ draw: () -> Double,
        among isUsable: (Int) -> Bool
    ) -> Int? {
        switch self.balancing {
        case .pickFirst: return self.entries.indices.first(where: isUsable)
        case .roundRobin: return self.next(isUsable)
        case .leastRequest(let choices): return self.leastBusy(of: choices, draw, isUsable)
        }
    }

    private mutating func next(_ isUsable: (Int) -> Bool) -> Int? {
        guard !self.entries.isEmpty else { return nil }
        for step in 1...self.entries.count {
            let place = (self.turn + step) % self.entries.count
            guard isUsable(place) else { continue }
            self.turn = place
            return place
        }
        return nil
    }

    /// The power of two choices: of a few drawn by chance the one with the least to do.
    private func leastBusy(
        of choices: Int,
        _ draw: () -> Double,
        _ isUsable: (Int) -> Bool
    ) -> Int? {
        var usable = self.entries.indices.filter(isUsable)
        var best: Int?
        for index in 0..<min(choices, usable.count) {
            // Each is drawn once: one that does not answer must always have a rival.
            let left = usable.count - index
            usable.swapAt(index, index + min(left - 1, Int(draw() * Double(left))))
            let drawn = usable[index]
            if best.map({ self.isLessBusy(drawn, than: $0) }) ?? true { best = drawn }
        }
        return best
    }

    /// Fewer calls under way count first, then faster answers: one that never answers is not taken for
    /// fast.
    private func isLessBusy(_ place: Int, than other: Int) -> Bool {
        let (one, two) = (self.entries[place], self.entries[other])
        return (one.inFlight, one.latency) < (two.inFlight, two.latency)
    }

    private mutating func succeeded(_ place: Int, _ time: Duration, at now: Timeline.Instant) {
        let seconds = time / .seconds(1)
        let old = self.entries[place].latency
        self.entries[place].latency =
            old == 0 ? seconds : old + (seconds - old) * Self.newest
        self.entries[place].failures = 0
        if !self.isEjected(place, at: now) { self.entries[place].ejections = 0 }
    }

    private mutating func failed(_ place: Int, at now: Timeline.Instant) {
        guard let rules = self.outliers, !self.isEjected(place, at: now) else { return }
        self.entries[place].failures += 1
        guard self.entries[place].failures >= rules.consecutiveFailures,
            self.mayEject(place, rules, at: now)
        else { return }
        self.entries[place].failures = 0
        self.entries[place].ejections += 1
        let factor = min(self.entries[place].ejections, Self.ejectionsMax)
        self.entries[place].ejectedUntil = now.advanced(by: rules.baseEjectionTime * factor)
    }

    /// Allows to leave this one out too: while another does better, never the last, and no more than the
    /// rules allow.
    ///
    /// What all of them fail of is behind them, and is no reason to do without one when it is over.
    private func mayEject(
        _ place: Int,
        _ rules: OutlierDetection,
        at now: Timeline.Instant
    ) -> Bool {
        let ejected = self.entries.indices.count { self.isEjected($0, at: now) }
        let hasBetter = self.entries.indices.contains {
            $0 != place && !self.isEjected($0, at: now) && self.entries[$0].failures == 0
        }
        return hasBetter && ejected + 1 < self.entries.count
            && (ejected + 1) * 100 <= self.entries.count * rules.maxEjectionPercent
    }
}
