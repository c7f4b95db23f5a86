import Domain
import DrillEngine
import StrictJSON
import Synchronization
import Testing

@testable import SimulatedDrills

@Suite("A watch over a rate limit")
struct QuotaWatchTests {
    /// Three requests in a second, watched in virtual milliseconds.
    private final class Watched: Sendable {
        let now = Mutex<Int64>(0)
        let broken = Mutex(0)

        func answers(_ steps: [(at: Int64, status: Int)], of subject: String? = "a") async {
            guard let limit = RateLimit(requests: 3, seconds: 1) else {
                Issue.record("three requests in a second are a limit")
                return
            }
            let watch = QuotaWatch(limit) {
                self.now.withLock { $0 * 1_000_000 }
            } onBroken: {
                self.broken.withLock { $0 += 1 }
            }
            for step in steps {
                self.now.withLock { $0 = step.at }
                _ = await watch.watch { QuotaWatchTests.response(step.status, subject) }
            }
        }
    }

    private static func broken(_ steps: [(at: Int64, status: Int)]) async -> Int {
        let watched = Watched()
        await watched.answers(steps)
        return watched.broken.withLock(\.self)
    }

    @Test("whoever has had what the limit says may be sent away")
    func refusesRightly() async {
        #expect(await Self.broken([(0, 200), (1, 404), (2, 200), (3, 429)]) == 0)
    }

    @Test("whoever has had less is sent away too early")
    func refusesEarly() async {
        #expect(await Self.broken([(0, 200), (1, 200), (2, 429)]) == 1)
        #expect(await Self.broken([(0, 200), (1, 200), (2, 200), (1_003, 429)]) == 1)
    }

    @Test("twice the limit within its time is let through, and no more")
    func letsThrough() async {
        let six = (0..<6).map { (at: Int64($0), status: 200) }
        #expect(await Self.broken(six) == 0)
        #expect(await Self.broken(six + [(at: 6, status: 200)]) == 1)
        #expect(await Self.broken(six + [(at: 1_001, status: 200)]) == 0)
    }

    @Test("whoever is not known has no limit")
    func unknownSubject() async {
        let watched = Watched()
        await watched.answers((0..<20).map { (at: Int64($0), status: 401) }, of: nil)
        #expect(watched.broken.withLock(\.self) == 0)
    }

    @Test(
        "whether one was sent away too early is known when those beside it are answered",
        arguments: [("a", 200, false), ("a", 429, true), ("b", 200, true)]
    )
    func underWay(_ other: String, _ status: Int, _ isBroken: Bool) async throws {
        let limit = try #require(RateLimit(requests: 1, seconds: 1))
        let broken = Mutex(0)
        let watch = QuotaWatch(limit, now: { 0 }, onBroken: { broken.withLock { $0 += 1 } })
        _ = await watch.watch {
            _ = await watch.watch { Self.response(429, "a") }
            #expect(broken.withLock(\.self) == 0)
            return Self.response(status, other)
        }
        #expect(broken.withLock { $0 > 0 } == isBroken)
    }

    private static func response(_ status: Int, _ subject: String?) -> GatewayResponse {
        var response = GatewayResponse(status: status, body: [:])
        response.subject = subject
        return response
    }
}
