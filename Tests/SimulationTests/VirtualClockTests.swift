import Synchronization
import Testing

@testable import Simulation

@Suite("The virtual clock", .timeLimit(.minutes(10)))
struct VirtualClockTests {
    private let clock = VirtualClock()

    /// Starts a task that sleeps until `seconds`, and returns once it sleeps.
    private func sleeper(_ seconds: Int) async -> Task<VirtualClock.Instant?, Never> {
        let before = self.clock.sleeperCount
        let clock = self.clock
        let task = Task<VirtualClock.Instant?, Never> {
            do {
                try await clock.sleep(until: .at(seconds))
                return clock.now
            } catch {
                return nil
            }
        }
        while self.clock.sleeperCount == before { await Task.yield() }
        return task
    }

    @Test("time stands still until it is advanced")
    func standsStill() {
        #expect(self.clock.now == .at(0))
        self.clock.advance(by: .seconds(3))
        #expect(self.clock.now == .at(3))
        self.clock.advance(by: .zero)
        #expect(self.clock.now == .at(3))
    }

    @Test("a sleeper wakes at its deadline, not before")
    func wakes() async {
        let task = await self.sleeper(10)
        self.clock.advance(by: .seconds(9))
        #expect(self.clock.sleeperCount == 1)
        self.clock.advance(by: .seconds(1))
        #expect(await task.value == .at(10))
        #expect(self.clock.sleeperCount == 0)
    }

    @Test("a call is made at its deadline, in order of deadlines, and only once")
    func calls() {
        let calls = Mutex<[String]>([])
        _ = self.clock.call(at: .at(5)) { calls.withLock { $0.append("five") } }
        _ = self.clock.call(at: .at(3)) { calls.withLock { $0.append("three") } }
        _ = self.clock.call(at: .at(5)) { calls.withLock { $0.append("five again") } }
        self.clock.advance(by: .seconds(2))
        #expect(calls.withLock { $0 } == [])
        self.clock.advance(by: .seconds(3))
        self.clock.advance(by: .seconds(3))
        #expect(calls.withLock { $0 } == ["three", "five", "five again"])
    }

    @Test("a cancelled call is never made, and a past one at the next advance")
    func cancelledCalls() {
        let calls = Mutex<[String]>([])
        self.clock.advance(by: .seconds(4))
        let cancel = self.clock.call(at: .at(5)) { calls.withLock { $0.append("cancelled") } }
        _ = self.clock.call(at: .at(1)) { calls.withLock { $0.append("past") } }
        cancel()
        #expect(self.clock.sleeperCount == 1)
        self.clock.advance(by: .seconds(2))
        cancel()
        #expect(calls.withLock { $0 } == ["past"])
    }

    @Test("the clock jumps from deadline to deadline")
    func jumps() async {
        let (late, early) = (await self.sleeper(20), await self.sleeper(5))
        #expect(self.clock.nextDeadline == .at(5))
        #expect(self.clock.advanceToNext())
        #expect(await early.value == .at(5))
        #expect(self.clock.advanceToNext())
        #expect(await late.value == .at(20))
        #expect(!self.clock.advanceToNext())
        #expect(self.clock.nextDeadline == nil)
        #expect(self.clock.now == .at(20))
    }

    @Test("a past deadline does not wait")
    func past() async throws {
        self.clock.advance(by: .seconds(5))
        try await self.clock.sleep(until: .at(5))
        try await self.clock.sleep(until: .at(-1))
        #expect(self.clock.sleeperCount == 0)
    }

    @Test("a cancelled sleeper is removed")
    func cancelled() async {
        let (first, second) = (await self.sleeper(5), await self.sleeper(9))
        first.cancel()
        #expect(await first.value == nil)
        #expect(self.clock.sleeperCount == 1)
        #expect(self.clock.nextDeadline == .at(9))
        #expect(self.clock.advanceToNext())
        #expect(await second.value == .at(9))
    }

    @Test("a cancelled task does not sleep")
    func cancelledBefore() async {
        let clock = self.clock
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            await #expect(throws: CancellationError.self) { try await clock.sleep(until: .at(1)) }
            await #expect(throws: CancellationError.self) { try await clock.sleep(until: .at(0)) }
        }
        task.cancel()
        await task.value
        #expect(self.clock.sleeperCount == 0)
    }

    @Test("ten thousand cancelled timers leave no heap behind")
    func manyCancelled() async {
        let last = await self.sleeper(1_000)
        await withTaskGroup(of: Void.self) { group in
            for second in 0..<10_000 {
                group.addTask { try? await self.clock.sleep(until: .at(2_000 + second)) }
            }
            group.cancelAll()
        }
        #expect(self.clock.sleeperCount == 1)
        self.clock.advanceToNext()
        #expect(await last.value == .at(1_000))
    }
}

@Suite("The sleeper queue", .timeLimit(.minutes(10)))
struct SleeperQueueTests {
    /// Fills a queue with sleepers at `deadlines`, and returns the number of sleepers that `use`
    /// handed back.
    private func arrivals(
        _ deadlines: [Int],
        _ use: @escaping @Sendable (inout SleeperQueue) -> [[SleeperQueue.Sleeper]]
    ) async -> Int {
        let queue = SharedQueue()
        return await withTaskGroup(of: Void.self) { group in
            for deadline in deadlines {
                group.addTask {
                    try? await withCheckedThrowingContinuation { sleeper in
                        queue.state.withLock { queue in
                            let arrival = queue.nextArrival()
                            queue.insert(
                                .task(sleeper),
                                .init(deadline: .at(deadline), arrival: arrival)
                            )
                        }
                    }
                }
            }
            while queue.state.withLock({ $0.count }) < deadlines.count { await Task.yield() }
            let batches = queue.state.withLock { queue in use(&queue) }
            for sleeper in batches.joined() { sleeper.wake() }
            return batches.joined().count
        }
    }

    @Test("deadlines come up in order, whatever the order of arrival")
    func order() async {
        let deadlines = (0..<500).map { $0 * 7_919 % 101 }
        let count = await self.arrivals(deadlines) { queue in
            var (batches, last) = ([[SleeperQueue.Sleeper]](), -1)
            while let next = queue.nextDeadline {
                #expect(next > .at(last))
                last = Int(next.sinceStart.components.seconds)
                batches.append(queue.removeDue(at: next))
                #expect(batches.last?.count == deadlines.count { $0 == last })
            }
            return batches
        }
        #expect(count == deadlines.count)
    }

    @Test("equal deadlines come up in order of arrival")
    func ties() {
        let keys = [3, 1, 2].map { SleeperQueue.Key(deadline: .at(1), arrival: $0) }
        #expect(keys.sorted().map(\.arrival) == [1, 2, 3])
        #expect(SleeperQueue.Key(deadline: .at(0), arrival: 9) < keys[1])
    }

    @Test("removed sleepers do not come up")
    func removed() async {
        let count = await self.arrivals(Array(0..<200)) { queue in
            let removed = (1...200).filter { !$0.isMultiple(of: 10) }
                .compactMap { queue.remove(UInt64($0)) }
            #expect(queue.count == 20)
            #expect(queue.remove(1) == nil)
            return [removed, queue.removeDue(at: .at(1_000))]
        }
        #expect(count == 200)
    }
}

/// A queue shared between tasks.
private final class SharedQueue: Sendable {
    let state = Mutex(SleeperQueue())
}

extension VirtualClock.Instant {
    /// The moment `seconds` after the start.
    fileprivate static func at(_ seconds: Int) -> Self { Self(sinceStart: .seconds(seconds)) }
}
