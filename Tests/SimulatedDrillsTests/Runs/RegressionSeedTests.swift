import DrillEngine
import Scenarios
import SimulatedDrills
import Testing

/// Seeds that once failed, or that once ended the whole process.
@Suite("Seeds that once failed")
struct RegressionSeedTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let file: String
        let seeds: [UInt64]
        let showed: String

        init(_ file: String, _ seeds: [UInt64], _ showed: String) {
            self.file = file + ".yaml"
            self.seeds = seeds
            self.showed = showed
        }

        var testDescription: String { "\(self.file) \(self.seeds): \(self.showed)" }
    }

    static let cases = [
        Case(
            "ledger-power-loss",
            Array(1...15),
            "c1: a crash that waited for steps came after healing, and nobody came back"
        ),
        Case(
            "swarm-of-everything",
            [3, 4, 14],
            "c1: a crash without a restart, and a run past its time"
        ),
        Case("crash-loop", [1], "c2: a fault with times struck on and on"),
        Case("stale-names", [1, 2], "c7: names that never went stale counted as effective"),
        Case("secret-rotation", [1, 2], "b1, b4: a canary failed for others"),
        Case("truncated-messages", [1, 2], "c9: half of a message was understood"),
        Case("duplicate-delivery", Array(1...6), "b2: a replay that nobody had asked for"),
        Case("aborted-calls", [1, 2], "b1: a struck canary was held against its service"),
        Case("health-flapping", [1], "b1: a canary failed for others"),
        Case("connection-resets", [1], "b1: a canary failed for others"),
        Case(
            "hedged-calls-on-slow-links",
            [60_015, 60_335],
            "the answer to a hedged attempt was a replay that nobody had asked for"
        ),
        Case(
            "swarm-of-everything",
            [90_018],
            "the end of health.not_serving said SERVING for a ledger that had lost its store"
        ),
        Case(
            "hedged-calls-lose-replies",
            [200_092],
            "the drill lost three answers of one call, which had three attempts"
        ),
        Case("expired-service-token", [1], "b1: a canary was refused for its caller's token"),
    ]

    @Test("a seed that once failed passes now", arguments: cases)
    func passes(_ regression: Case) async throws {
        let scenario = try DrillFiles.scenario(regression.file)
        let summary = await DrillSummary.of(scenario, regression.seeds)
        #expect(summary.failures.isEmpty, "\(summary.report(regression.file))")
    }
}
