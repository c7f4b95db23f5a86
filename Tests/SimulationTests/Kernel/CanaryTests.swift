import Foundation
import Simulation
import Synchronization
import Testing

/// Covers every construct that could move code off the simulation's thread.
///
/// A toolchain that changes the interfaces under the kernel fails here first.
@Suite("Nothing escapes from the simulation's thread", .timeLimit(.minutes(10)))
struct CanaryTests {
    /// Runs `body` with a recorder of the thread at each of its points.
    private func watch(_ body: @escaping @Sendable (Sightings) async throws -> Void) -> Sightings {
        let sightings = Sightings()
        var options = SimulationOptions()
        options.leaks = .answer
        options.virtualTimeMax = .seconds(3_600)
        let run = Simulation.run(seed: 1, options: options) { simulation in
            sightings.begin(simulation)
            try await body(sightings)
        }
        #expect(run.isSuccess, "\(run.outcome)")
        #expect(run.leaks == [])
        return sightings
    }

    @Test("structured tasks stay")
    func structured() {
        let seen = self.watch { seen in
            seen.note("body")
            await seen.suspend("body")
            async let child: Void = seen.suspend("async let")
            await child
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await seen.suspend("group child") }
                group.addTask { await seen.suspend("group child with a name") }
            }
            await withTaskExecutorPreference(globalConcurrentExecutor) {
                await seen.suspend("the global executor by preference")
            }
        }
        #expect(seen.escaped == [])
        #expect(seen.count == 16)
    }

    @Test("unstructured tasks stay")
    func unstructured() {
        let seen = self.watch { seen in
            let wanderer = Wanderer(seen)
            await Task { await seen.suspend("task") }.value
            await Task.detached { await seen.suspend("detached task") }.value
            await Task.immediate { await seen.suspend("immediate task") }.value
            await Task { @MainActor in await seen.suspend("task of the main actor") }.value
            await Task { await wanderer.suspend("task that enters an actor") }.value
            await Task.detached { await wanderer.suspend("detached, entering an actor") }.value
            await wanderer.spawn().value
        }
        #expect(seen.escaped == [])
        #expect(seen.count == 21)
    }

    @Test("actors stay")
    func actors() {
        let seen = self.watch { seen in
            let wanderer = Wanderer(seen)
            await wanderer.suspend("default actor")
            await Atlas.suspend(seen)
            await suspendOnMain(seen)
            await dropIsolated(seen)
            seen.note("body after actors")
            guard let process = SimulatedProcess.current else { return seen.note("no process") }
            let owner = ExecutorOwner(process.makeSerialExecutor()) {
                await seen.suspend("actor with an executor of its own")
            }
            await owner.run()
        }
        #expect(seen.escaped == [])
        #expect(seen.count == 14)
    }

    @Test("streams and sleeps stay")
    func streams() {
        let seen = self.watch { seen in
            let (stream, feed) = AsyncStream<Int>.makeStream()
            async let reader: Void = {
                for await value in stream { seen.note("stream \(value)") }
            }()
            feed.yield(1)
            await Task.yield()
            feed.yield(2)
            feed.finish()
            await reader
            try await nap.sleep(for: .seconds(1), clock: .suspending)
            seen.note("suspending clock")
            try await nap.sleep(nanoseconds: 5)
            seen.note("nanoseconds")
        }
        #expect(seen.escaped == [])
        #expect(seen.count == 4)
    }

    @Test("clocks follow virtual time, and randomness comes from the seed")
    func answers() {
        func draw(seed: UInt64) -> (String, Double) {
            var options = SimulationOptions()
            options.leaks = .answer
            options.virtualTimeMax = .seconds(3_600)
            let run = Simulation.run(seed: seed, options: options) { simulation in
                let (start, date) = (ContinuousClock.now, Date())
                try await nap.sleep(for: .seconds(600))
                try await simulation.clock.sleep(for: .seconds(600))
                #expect(start.duration(to: .now) == .seconds(1_200))
                let words = Set(["a", "b", "c", "d"])
                let chance =
                    "\(UUID()) \(Int.random(in: 0..<1_000)) \(words) \([1, 2, 3].shuffled())"
                return (chance, Date().timeIntervalSince(date))
            }
            return (try? run.outcome.get()) ?? ("", 0)
        }
        #expect(draw(seed: 1) == draw(seed: 1))
        #expect(draw(seed: 1).0 != draw(seed: 2).0)
        #expect(draw(seed: 1).1 == 1_200)
    }
}

/// `Task` under another name, because its sleeps are virtual here.
private let nap = Task<Never, Never>.self

/// Records the thread at each point of a body.
private final class Sightings: Sendable {
    private struct State {
        var escaped: [String] = []
        var count = 0
    }

    private let state = Mutex(State())
    private let home = Mutex<ObjectIdentifier?>(nil)

    var escaped: [String] { self.state.withLock { $0.escaped } }
    var count: Int { self.state.withLock { $0.count } }

    func begin(_ simulation: Simulation) {
        self.home.withLock { $0 = ObjectIdentifier(simulation) }
    }

    func note(_ place: String) {
        let here = Simulation.current.map { ObjectIdentifier($0) }
        let isHome = self.home.withLock { $0 == here } && SimulatedProcess.current != nil
        self.state.withLock {
            $0.count += 1
            if !isHome { $0.escaped.append(place) }
        }
    }

    /// Records three points: at once, after a yield, after a sleep.
    func suspend(_ place: String) async {
        self.note(place)
        await Task.yield()
        self.note("\(place), after a yield")
        try? await nap.sleep(for: .seconds(3))
        self.note("\(place), after a sleep")
    }
}

private actor Wanderer {
    private let seen: Sightings
    private var visits = 0

    init(_ seen: Sightings) { self.seen = seen }

    func suspend(_ place: String) async { await self.seen.suspend(place) }

    func spawn() -> Task<Void, Never> {
        Task {
            await self.seen.suspend("task from within an actor")
            self.visits += 1
        }
    }
}

@globalActor
private actor Atlas {
    static let shared = Atlas()

    @Atlas
    static func suspend(_ seen: Sightings) async { await seen.suspend("global actor") }
}

@MainActor
private func suspendOnMain(_ seen: Sightings) async {
    MainActor.assertIsolated()
    await seen.suspend("main actor")
}

private final class Isolated: Sendable {
    private let seen: Sightings

    init(_ seen: Sightings) { self.seen = seen }

    @Atlas
    deinit { self.seen.note("isolated deinit") }
}

private func dropIsolated(_ seen: Sightings) async { _ = Isolated(seen) }
