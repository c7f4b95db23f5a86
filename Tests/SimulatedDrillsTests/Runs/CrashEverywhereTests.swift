import Checkers
import DrillEngine
import Scenarios
import SimulatedDrills
import Testing

@Suite("A process that dies in the middle of a call")
struct CrashEverywhereTests {
    /// A call takes fewer steps in any process.
    private static let stepsMax = 200

    /// The number of consecutive steps without a retry after which the call counts as over.
    private static let quietSteps = 5

    @Test(
        "does no harm, whichever of its steps is the last",
        arguments: [("gateway", 820), ("payment", 820), ("ledger", 820), ("refund", 2_990)]
    )
    func everyStep(_ service: String, at milliseconds: Int) throws {
        var (step, quiet, interrupted) = (0, 0, 0)
        while quiet < Self.quietSteps, step < Self.stepsMax {
            let run = Drill.run(try Self.scenario(service, milliseconds, step), seed: 7)
            // A process that takes fewer steps in all does not die.
            if run.faults[0].effective == 0 { break }
            #expect(run.result == .pass, "\(service) dies at step \(step): \(run.comment)")
            let wasNoticed = run.metrics["retried"] != nil
            (quiet, interrupted) = wasNoticed ? (0, interrupted + 1) : (quiet + 1, interrupted)
            step += 1
        }
        #expect(step < Self.stepsMax)
        #expect(interrupted >= 5)
    }

    /// A scenario of a user who pays at 828 ms and asks for a refund three seconds after the start.
    private static func scenario(
        _ service: String,
        _ milliseconds: Int,
        _ step: Int
    ) throws -> Scenario {
        let always = SmallDrill.always.filter { $0 != "unharmed" && $0 != "drains_cleanly" }
        return try ScenarioReader.read(
            """
            version: 1
            name: die-at-step
            about: A process dies at one step of a call.
            run: {seeds: 7..7, strategy: fifo}
            system: {gateway: 1, payment: 1, ledger: 1, refund: 1}
            clients:
              - {name: shop, total: 4, ops: {pay: 1, refund: 1}, deadline: 2s, pause: 1s,
                 retry: {max: 8, backoff: exponential}, idempotency: per_operation}
            faults:
              - {id: die, at: \(milliseconds)ms, do: proc.crash, target: \(service),
                 steps: \(step)..\(step), restart_after: 300ms}
            expect:
              always: [\(always.joined(separator: ", "))]
              eventually: [all_ops_resolved, all_serving, queues_empty]
            """,
            file: "die-at-step.yaml"
        )
    }
}
