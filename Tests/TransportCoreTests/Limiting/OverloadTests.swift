import Simulation
import Synchronization
import Testing

@testable import TransportCore

@Suite("A service at three times its capacity", .timeLimit(.minutes(10)))
struct OverloadTests {
    /// The time that each caller waits.
    private static let patience = Duration.seconds(1)

    /// The time during which callers arrive.
    private static let period = Duration.seconds(4)

    @Test(
        "still answers 85 % of its capacity in time, and all accepted calls in time",
        arguments: UInt64(0)..<3
    )
    func shedding(_ seed: UInt64) throws {
        let (answers, load) = try Self.overload(LoadShedding(), seed)
        #expect(
            answers.count(within: Self.patience, by: Self.period) >= Workshop.capacity(
                in: Self.period
            ) * 85 / 100
        )
        #expect(answers.hundredth < Self.patience)
        #expect(load.shed > 0)
        #expect(answers.count + Int(load.shed) == 3 * Workshop.capacity(in: Self.period))
        #expect(load.inFlight == 0)
    }

    @Test("answers almost nothing in time without a limit")
    func unlimited() throws {
        let (answers, load) = try Self.overload(.fixed(1_000_000), 0)
        #expect(
            answers.count(within: Self.patience, by: Self.period) < Workshop.capacity(
                in: Self.period
            ) / 2
        )
        #expect(answers.hundredth > Self.patience)
        #expect(load.shed == 0)
    }

    /// Runs callers at three times the capacity, at times drawn from `seed`; returns their answers.
    private static func overload(
        _ rules: LoadShedding,
        _ seed: UInt64
    ) throws -> (Answers, ServiceLoad) {
        try inVirtualTime(seed: seed) { timeline in
            let workshop = Workshop(timeline)
            let limiter = ConcurrencyLimiter(
                rules,
                timeline: timeline,
                delay: { workshop.delay }
            )
            let answers = Answers()
            var stream = RandomStream(seed: seed, name: "arrivals")
            let moments = (0..<3 * Workshop.capacity(in: Self.period)).map { _ in
                Self.period * Double.random(in: 0..<1, using: &stream)
            }
            await withDiscardingTaskGroup { group in
                for moment in moments {
                    group.addTask {
                        do {
                            try await timeline.sleep(for: moment)
                            let arrival = timeline.now
                            let deadline = arrival.advanced(by: Self.patience)
                            try await limiter.run(until: deadline) { try await workshop.work() }
                            answers.add(arrival.duration(to: timeline.now), by: timeline.now)
                        } catch {
                            // The call was shed, which the limiter counts.
                        }
                    }
                }
            }
            return (answers, limiter.load)
        }
    }
}

/// Four workers that take 5 ms per piece, first come, first served.
private final class Workshop: Sendable {
    private static let workers = 4
    private static let pieceTime = Duration.milliseconds(5)

    private let timeline: Timeline
    private let free: Mutex<[Timeline.Instant]>

    init(_ timeline: Timeline) {
        self.timeline = timeline
        self.free = Mutex(Array(repeating: timeline.now, count: Self.workers))
    }

    static func capacity(in period: Duration) -> Int { Int(period / Self.pieceTime) * Self.workers }

    /// The wait of a piece that arrives now.
    var delay: Duration {
        self.free.withLock { free in
            let next = free.min() ?? self.timeline.now
            return max(.zero, self.timeline.now.duration(to: next))
        }
    }

    /// Waits until a piece is done, whether or not its caller still waits.
    func work() async throws {
        let end = self.free.withLock { free in
            let worker = free.indices.min { free[$0] < free[$1] } ?? 0
            let start = max(free[worker], self.timeline.now)
            free[worker] = start.advanced(by: Self.pieceTime)
            return free[worker]
        }
        try await self.timeline.sleep(until: end)
    }
}

/// The durations and times of the answers.
private final class Answers: Sendable {
    private let all = Mutex<[(time: Duration, moment: Timeline.Instant)]>([])

    func add(_ time: Duration, by moment: Timeline.Instant) {
        self.all.withLock { $0.append((time, moment)) }
    }

    var count: Int { self.all.withLock { $0.count } }

    func count(within patience: Duration, by end: Duration) -> Int {
        self.all.withLock { answers in
            answers.count { $0.time < patience && .nanoseconds($0.moment.nanoseconds) <= end }
        }
    }

    /// The 99th percentile of the durations.
    var hundredth: Duration {
        let times = self.all.withLock { $0.map(\.time).sorted() }
        return times.isEmpty ? .zero : times[times.count * 99 / 100]
    }
}
