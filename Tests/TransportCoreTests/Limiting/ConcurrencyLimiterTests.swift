import Synchronization
import Testing

@testable import TransportCore

@Suite("A concurrency limiter", .timeLimit(.minutes(10)))
struct ConcurrencyLimiterTests {
    @Test(
        "no more calls than the limit run at once, and all have their turn",
        arguments: UInt64(0)..<10
    )
    func limit(_ seed: UInt64) throws {
        let (work, end, load) = try inVirtualTime(seed: seed) { timeline in
            let limiter = ConcurrencyLimiter(.fixed(3), timeline: timeline, delay: { .zero })
            let work = Work()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        try await limiter.run(until: nil) {
                            try await work.during(number) {
                                try await timeline.sleep(for: .milliseconds(10))
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            return (work, timeline.now, limiter.load)
        }
        #expect(work.most == 3)
        #expect(work.started.sorted() == Array(0..<20))
        #expect(end == .at(70))
        #expect(load.limit == 3)
        #expect(load.inFlight == 0)
        #expect(load.waiting == 0)
        #expect(load.shed == 0)
    }

    @Test("calls that wait run in the order in which they came")
    func order() throws {
        let started = try inVirtualTime { timeline in
            let limiter = ConcurrencyLimiter(.fixed(1), timeline: timeline, delay: { .zero })
            let work = Work()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<10 {
                    group.addTask {
                        try await timeline.sleep(for: .milliseconds(number))
                        try await limiter.run(until: nil) {
                            try await work.during(number) {
                                try await timeline.sleep(for: .milliseconds(100))
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            return work.started
        }
        #expect(started == Array(0..<10))
    }

    @Test("a caller that leaves the queue gets CANCELLED, and the next one gets its place")
    func cancelled() throws {
        let seen = try inVirtualTime { timeline in
            let limiter = ConcurrencyLimiter(
                .fixed(1, queueMax: 2),
                timeline: timeline,
                delay: { .zero }
            )
            let first = Task { try await limiter.hold(for: .milliseconds(100), timeline) }
            try await timeline.sleep(for: .milliseconds(1))
            let second = Task { await limiter.refusal() }
            let third = Task { await limiter.refusal() }
            try await timeline.sleep(for: .milliseconds(1))
            let before = limiter.load.waiting
            second.cancel()
            let refusal = await second.value
            let (moment, after) = (timeline.now, limiter.load)
            let other = await third.value
            try await first.value
            return Seen(
                refusals: [refusal, other],
                moments: [moment, timeline.now],
                loads: [after, limiter.load],
                waiting: before
            )
        }
        #expect(seen.refusals.map { $0?.code } == [.cancelled, nil])
        #expect(seen.moments == [.at(2), .at(100)])
        #expect(seen.waiting == 2)
        #expect(seen.loads.map { $0.waiting } == [1, 0])
        #expect(seen.loads.map { $0.inFlight } == [1, 0])
    }

    @Test("a caller that left before waiting takes no place", arguments: UInt64(0)..<10)
    func cancelledBefore(_ seed: UInt64) throws {
        let (refusal, load) = try inVirtualTime(seed: seed) { timeline in
            let limiter = ConcurrencyLimiter(.fixed(1), timeline: timeline, delay: { .zero })
            let first = Task { try await limiter.hold(for: .milliseconds(100), timeline) }
            try await timeline.sleep(for: .milliseconds(1))
            let second = Task { await limiter.refusal() }
            second.cancel()
            let refusal = await second.value
            let load = limiter.load
            try await first.value
            return (refusal, load)
        }
        #expect(refusal?.code == .cancelled)
        #expect(load.waiting == 0)
        #expect(load.inFlight == 1)
    }

    @Test("a shed call gets a reason and a wait")
    func shed() throws {
        let (refusal, load) = try inVirtualTime { timeline in
            let limiter = ConcurrencyLimiter(
                .fixed(1, queueMax: 0),
                timeline: timeline,
                delay: { .zero }
            )
            let first = Task { try await limiter.hold(for: .milliseconds(100), timeline) }
            try await timeline.sleep(for: .milliseconds(1))
            let refusal = await limiter.refusal()
            let load = limiter.load
            try await first.value
            return (refusal, load)
        }
        #expect(refusal?.code == .resourceExhausted)
        #expect(refusal?.reason == "OVERLOAD")
        #expect(refusal?.reasonMetadata == ["retry_after_ms": "100"])
        #expect(load.shed == 1)
        #expect(load.inFlight == 1)
    }

    @Test("a call that expired while waiting is shed at its turn")
    func expired() throws {
        let (refusal, load) = try inVirtualTime { timeline in
            let limiter = ConcurrencyLimiter(.fixed(1), timeline: timeline, delay: { .zero })
            let first = Task { try await limiter.hold(for: .milliseconds(100), timeline) }
            try await timeline.sleep(for: .milliseconds(1))
            let refusal = await limiter.refusal(until: .at(50))
            try await first.value
            return (refusal, limiter.load)
        }
        #expect(refusal?.code == .resourceExhausted)
        #expect(refusal?.reason == ConcurrencyLimiter.reason)
        #expect(load.shed == 1)
        #expect(load.inFlight == 0)
    }

    @Test("a failed call frees its place")
    func fails() throws {
        let (errors, load) = try inVirtualTime { timeline in
            let limiter = ConcurrencyLimiter(
                .fixed(1, queueMax: 0),
                timeline: timeline,
                delay: { .zero }
            )
            var errors: [RPCError?] = []
            for _ in 0..<3 {
                errors.append(await limiter.refusal { throw RPCError(.notFound, "no") })
            }
            return (errors, limiter.load)
        }
        #expect(errors.map { $0?.code } == [.notFound, .notFound, .notFound])
        #expect(load.inFlight == 0)
    }
}

/// The observations of a limiter.
private struct Seen: Sendable {
    let refusals: [RPCError?]
    let moments: [Timeline.Instant]
    let loads: [ServiceLoad]
    let waiting: Int
}

/// Records which calls have started, and the most that ran at once.
private final class Work: Sendable {
    private let state = Mutex((running: 0, most: 0, started: [Int]()))

    var most: Int { self.state.withLock { $0.most } }
    var started: [Int] { self.state.withLock { $0.started } }

    func during(_ number: Int, _ body: () async throws -> Void) async throws {
        self.state.withLock { state in
            state.running += 1
            state.most = max(state.most, state.running)
            state.started.append(number)
        }
        defer { self.state.withLock { $0.running -= 1 } }
        try await body()
    }
}

extension ConcurrencyLimiter {
    /// Runs a call that takes `time`.
    fileprivate func hold(for time: Duration, _ timeline: Timeline) async throws {
        try await self.run(until: nil) { try await timeline.sleep(for: time) }
    }

    /// The error of a call, or nil.
    fileprivate func refusal(
        until deadline: Timeline.Instant? = nil,
        _ body: () async throws -> Void = {}
    ) async -> RPCError? {
        do {
            try await self.run(until: deadline, body)
            return nil
        } catch {
            return error as? RPCError
        }
    }
}
