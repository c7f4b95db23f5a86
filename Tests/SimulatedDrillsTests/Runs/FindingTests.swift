import Checkers
import DrillEngine
import Scenarios
import SimulatedDrills
import Testing

/// Drills that reproduce errors which were found in the rehearsal itself, each as small as
/// possible.
@Suite("Findings in the rehearsal")
struct FindingTests {
    private static let late = [
        "{id: die, on: {event: ledger.committed, nth: 20}, do: proc.crash, target: ledger, "
            + "steps: 400..900, restart_after: 100ms}"
    ]

    @Test("a crash that waits for steps leaves nobody down when all was healed (finding c1)")
    func comesBack() async throws {
        let summary = await DrillSummary.of(try SmallDrill.scenario(Self.late), [1, 2, 3, 4])
        #expect(summary.failures.isEmpty, "\(summary.report("small.yaml"))")
    }

    @Test("a fault that comes again and again does so as often as it may (finding c2)")
    func countsTimes() async throws {
        let scenario = try SmallDrill.scenario([
            "{id: die, every: 50ms, times: 3, do: proc.crash, target: refund, restart_after: 20ms}"
        ])
        for seed: UInt64 in 1...2 {
            let run = Drill.run(scenario, seed: seed)
            #expect(run.result == .pass, "\(run.comment)")
            #expect(run.tally("die")?.fired == 3)
            await Task.yield()
        }
    }

    @Test("a disk that nobody has cannot be struck (finding c3)")
    func refusesForeignDisks() {
        #expect(throws: ScenarioError.self) {
            try SmallDrill.scenario([
                "{id: a, at: 300ms, for: 1s, do: disk.full, target: payment-1}"
            ])
        }
        #expect(throws: Never.self) {
            try SmallDrill.scenario(["{id: a, at: 300ms, for: 1s, do: disk.full, target: ledger}"])
        }
    }

    @Test("a fault that loses what is unsynced loses something in a crash (finding c4)")
    func losesUnsynced() async throws {
        let scenario = try SmallDrill.scenario(
            [
                "{id: lose, at: 0s, for: 60s, do: disk.lose_unsynced, target: ledger}",
                "{id: die, every: 100ms, do: proc.crash, target: ledger, steps: 1..60, "
                    + "restart_after: 5ms}",
            ],
            client: "pause: 1ms, idempotency: per_operation"
        )
        let summary = await DrillSummary.of(scenario, [1, 2])
        #expect(summary.result == .pass, "\(summary.report("small.yaml"))")
        #expect(summary.faults[0].effective > 0)
    }

    @Test("a process that dies while it starts is started again, and once (finding c5)")
    func diesWhileStarting() async throws {
        let scenario = try SmallDrill.scenario([
            "{id: die, every: 60ms, jitter: 7ms, times: 12, do: proc.crash, target: ledger, "
                + "restart_after: 30ms}",
            "{id: die2, every: 9ms, jitter: 7ms, times: 50, do: proc.crash, target: ledger, "
                + "steps: 1..6, restart_after: 3ms}",
        ])
        var count = 0
        for seed: UInt64 in 1...3 {
            let run = Drill.run(scenario, seed: seed)
            #expect(run.result == .pass, "\(run.comment)")
            count += run.startsThatDied
            await Task.yield()
        }
        #expect(count > 0)
    }

    @Test("one process after the other is cut off, each for the whole time (finding c6)")
    func strikesInTurn() async throws {
        let scenario = try SmallDrill.scenario(
            [
                "{id: cut, at: 200ms, for: 300ms, do: net.partition, target: {each: payment}}",
                "{id: next, after: cut, do: net.delay, by: 100ms, for: 200ms, target: ledger}",
            ],
            client: "pause: 250ms, idempotency: per_operation"
        )
        for seed: UInt64 in 1...2 {
            let run = Drill.run(scenario, seed: seed)
            #expect(run.result == .pass, "\(run.comment)")
            let times = run.faultTimes
            // Jitter of up to 5 ms may hold each timer back.
            #expect(times("cut", .fired).map(\.inTenths) == [2])
            #expect(times("cut", .reverted).map(\.inTenths) == [5, 8])
            #expect(times("next", .fired).map(\.inTenths) == [8])
            let lost = run.losses(of: "payment-1", "payment-2")
            #expect(
                lost.allSatisfy { $0.process == ($0.at < 500_000_000 ? "payment-1" : "payment-2") }
            )
            #expect(Set(lost.map(\.process)).count == 2)
            await Task.yield()
        }
    }

    @Test("stale names without a process that moved have no effect (finding c7)")
    func needsMoves() async throws {
        let stale = "{id: stale, at: 100ms, for: 2s, do: dns.stale, target: gateway}"
        let still = Drill.run(try SmallDrill.scenario([stale]), seed: 1)
        #expect(still.result == .vacuous("the fault stale had no effect"))
        let crash = "{id: die, at: 200ms, do: proc.crash, target: payment-1, restart_after: 500ms}"
        let moved = Drill.run(try SmallDrill.scenario([stale, crash]), seed: 1)
        #expect(moved.result == .pass, "\(moved.comment)")
    }

    @Test("two rotations at once lose no token (finding c8)")
    func queuesRotations() async throws {
        let scenario = try SmallDrill.scenario(
            [
                "{id: rot, at: 200ms, do: auth.rotate, overlap: 300ms}",
                "{id: rot2, at: 400ms, do: auth.rotate, overlap: 300ms}",
            ],
            client: "pause: 800ms, idempotency: per_operation"
        )
        for seed: UInt64 in 1...2 {
            let run = Drill.run(scenario, seed: seed)
            #expect(run.result == .pass, "\(run.comment)")
            // Each process starts once for the run, and three times for each rotation.
            let starts = run.states(.started)
            #expect(starts.values.allSatisfy { $0 == 7 }, "\(starts)")
            #expect(run.mostAwayAtOnce == 1)
            await Task.yield()
        }
    }

    @Test("a message that is cut short is never half understood (finding c9)")
    func refusesHalves() async throws {
        let scenario = try SmallDrill.scenario(
            [
                "{id: cut, at: 0s, for: 5s, do: rpc.truncate, p: 0.3, target: ledger, "
                    + "method: RecordTransaction}"
            ],
            client: "pause: 20ms, idempotency: none"
        )
        for seed: UInt64 in 1...2 {
            let run = Drill.run(scenario, seed: seed)
            #expect(run.result == .pass, "\(run.comment)")
            await Task.yield()
        }
    }
}

extension DrillRun {
    /// The number of crashes of processes that had started and did not serve yet.
    fileprivate var startsThatDied: Int {
        var serving: Set<String> = []
        var count = 0
        for event in self.history.events {
            guard case .process(let name, let state) = event.what else { continue }
            if state == .serving { serving.insert(name) }
            if state == .crashed, serving.remove(name) == nil { count += 1 }
        }
        return count
    }

    /// The number of times that each process entered the state `wanted`.
    fileprivate func states(_ wanted: ProcessState) -> [String: Int] {
        var counts: [String: Int] = [:]
        for event in self.history.events {
            guard case .process(let name, wanted) = event.what else { continue }
            counts[name, default: 0] += 1
        }
        return counts
    }

    /// The most processes that were away at a time, up to the last time that one began to serve.
    fileprivate var mostAwayAtOnce: Int {
        var away: Set<String> = []
        var most = 0
        let last = self.history.events.lastIndex { event in
            if case .process(_, .serving) = event.what { true } else { false }
        }
        for event in self.history.events.prefix((last ?? 0) + 1) {
            guard case .process(let name, let state) = event.what else { continue }
            if state == .draining { away.insert(name) }
            if state == .serving { away.remove(name) }
            most = max(most, away.count)
        }
        return most
    }

    /// The times at which a fault entered a state, in nanoseconds.
    fileprivate func faultTimes(_ id: String, _ state: FaultState) -> [Int64] {
        self.history.events.filter { $0.what == .fault(id: id, state) }.map(\.at)
    }

    /// The messages that were lost on links of one of two processes.
    fileprivate func losses(
        of first: String,
        _ second: String
    ) -> [(at: Int64, process: String)] {
        self.history.events.compactMap { event in
            guard case .linkMessage(let link) = event.what, link.fate == .lost else { return nil }
            let ends = [link.from, link.to]
            return [first, second].first(where: ends.contains).map { (event.at, $0) }
        }
    }
}

extension Int64 {
    /// Nanoseconds as tenths of a second, cut off.
    fileprivate var inTenths: Int64 { self / 100_000_000 }
}
