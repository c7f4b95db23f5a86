/// Chooses the address for each call and leaves out addresses that fail.
///
/// A pure value: its owner reports the start and end of each call and asks for the next address.
/// The owner also decides which addresses are usable, such as those with a connection.
package struct AddressBalancer<Key: Hashable & Sendable>: Sendable {
    /// The evidence that a call gives of its address.
    package enum Outcome: Hashable, Sendable {
        case success
        case failure
        /// No evidence: the caller left.
        case neutral

        /// Classifies the status of a call; nil is a success.
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
        /// The moving average of successful calls' durations in seconds; 0 before the first.
        var latency = 0.0
        var failures = 0
        var ejections = 0
        var ejectedUntil: Timeline.Instant?
    }

    /// The weight of the newest call in the moving average.
    private static var newest: Double { 0.3 }

    /// The upper bound on an ejection's length, as a multiple of the first.
    private static var ejectionsMax: Int { 10 }

    private let balancing: ServiceConfig.Balancing
    private let outliers: OutlierDetection?
    private var entries: [Entry] = []
    private var turn = 0

    /// Creates a balancer without addresses, as `config` says.
    package init(_ config: ServiceConfig) {
        self.balancing = config.balancing
        self.outliers = config.outlierDetection
    }

    /// Replaces the addresses; those that remain keep their records.
    package mutating func adopt(_ keys: [Key]) {
        let old = self.entries
        self.entries = keys.map { key in old.first { $0.key == key } ?? Entry(key: key) }
        // Let the first address be the next one.
        if old.isEmpty { self.turn = max(0, keys.count - 1) }
    }

    /// Chooses the index of an address for the next call among those that `isUsable`.
    ///
    /// An ejected address is chosen only when there is no other. `draw` is uniform in 0..<1.
    ///
    /// - Returns: nil when no address is usable.
    package mutating func pick(
        at now: Timeline.Instant,
        draw: () -> Double,
        isUsable: (Int) -> Bool
    ) -> Int? {
        let isIn = self.entries.indices.map { !self.isEjected($0, at: now) }
        return self.choose(draw, among: { isIn[$0] && isUsable($0) })
            ?? self.choose(draw, among: isUsable)
    }

    /// Records the start of a call at the address at `place`.
    package mutating func started(_ place: Int) { self.entries[place].inFlight += 1 }

    /// Records the end of a call at `key` after `time`.
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

    /// Forgets the record of an address that has restarted or serves again; calls in flight still
    /// count.
    package mutating func renewed(_ key: Key) {
        guard let place = self.entries.firstIndex(where: { $0.key == key }) else { return }
        let inFlight = self.entries[place].inFlight
        self.entries[place] = Entry(key: key, inFlight: inFlight)
    }

    /// True while the address at `place` is ejected.
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

    /// The power of two choices: draws `choices` addresses and takes the least busy.
    private func leastBusy(
        of choices: Int,
        _ draw: () -> Double,
        _ isUsable: (Int) -> Bool
    ) -> Int? {
        var usable = self.entries.indices.filter(isUsable)
        var best: Int?
        for index in 0..<min(choices, usable.count) {
            // Draw without replacement, so that a dead address always competes with another.
            let left = usable.count - index
            usable.swapAt(index, index + min(left - 1, Int(draw() * Double(left))))
            let drawn = usable[index]
            if best.map({ self.isLessBusy(drawn, than: $0) }) ?? true { best = drawn }
        }
        return best
    }

    /// Compares calls in flight, then latency.
    ///
    /// In-flight calls come first because an address that never answers has no latency.
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

    /// Reports whether another address may be ejected.
    ///
    /// At least one other address must be without failures: a failure common to all lies behind
    /// them, and ejecting one would not help. The last address and more than `maxEjectionPercent`
    /// are never ejected.
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
