import Checkers
import DrillEngine
import Scenarios
import SimulatedDrills
import Testing

@Suite("The way back after a trouble")
struct RecoveryTests {
    /// The moment from which the ledger serves again: a breaker that had opened at the start of the trouble
    /// would have probed in vain, and be open for three seconds more.
    private static let recovered = Duration.milliseconds(8_500)

    @Test(
        "payments succeed as soon as the ledger says that it serves again",
        arguments: UInt64(1)...4
    )
    func health(_ seed: UInt64) throws {
        let fault = "{id: away, at: 1s, for: 7500ms, do: health.not_serving, target: ledger}"
        let run = Drill.run(try Self.scenario(fault), seed: seed)
        #expect(run.result == .pass, "\(run.comment)")
        let waits = Self.waits(run.history)
        try #require(waits.count >= 10)
        #expect(waits[0] < .milliseconds(500))
        #expect(waits[9] < .milliseconds(1_000))
    }

    @Test(
        "payments succeed soon after the ledger has crashed and is back",
        arguments: UInt64(1)...4
    )
    func crash(_ seed: UInt64) throws {
        let fault = "{id: away, at: 1s, do: proc.crash, target: ledger, restart_after: 7500ms}"
        let run = Drill.run(try Self.scenario(fault), seed: seed)
        #expect(run.result == .pass, "\(run.comment)")
        let waits = Self.waits(run.history)
        try #require(waits.count >= 10)
        // A watch that broke begins anew after a second.
        #expect(waits[0] < .milliseconds(2_000))
        #expect(waits[9] < .milliseconds(3_000))
    }

    /// The time from the recovery to the answer of each payment answered after it, in order.
    private static func waits(_ history: History) -> [Duration] {
        history.events.compactMap { event in
            guard case .returned(_, .paid) = event.what else { return nil }
            let wait = Duration.nanoseconds(event.at) - self.recovered
            return wait > .zero ? wait : nil
        }
    }

    /// The standard config, and the health of the ledger is watched.
    private static let config = """
        {"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": ""}, \
        "methodConfig": [{"name": [{}], "timeout": "30s", "retryPolicy": {"maxAttempts": 3, \
        "initialBackoff": "0.025s", "maxBackoff": "0.5s", "backoffMultiplier": 4, \
        "retryableStatusCodes": ["UNAVAILABLE"]}}], \
        "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}, \
        "florin": {"circuitBreaking": {}, "outlierDetection": {}}}
        """

    private static func scenario(_ fault: String) throws -> Scenario {
        let always = SmallDrill.always.filter {
            !["unharmed", "drains_cleanly", "retries_at_one_layer"].contains($0)
        }
        return try ScenarioReader.read(
            """
            version: 1
            name: way-back
            about: The ledger is away for seconds, and users go on asking.
            run: {seeds: 1..4}
            system: {gateway: 1, payment: 2, ledger: 1, refund: 1}
            settings:
              LEDGER_SERVICE_CONFIG: '\(Self.config)'
            clients:
              - {name: shop, count: 10, total: 400, ops: {pay: 1}, deadline: 1s, pause: 100ms,
                 retry: {max: 60, backoff: constant, wait: 200ms}, idempotency: per_operation}
            faults:
              - \(fault)
            liveness: {heal: all, within: 10s}
            expect:
              always: [\(always.joined(separator: ", "))]
              eventually: [all_ops_resolved, all_serving, queues_empty]
            """,
            file: "way-back.yaml"
        )
    }
}
