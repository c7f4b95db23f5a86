import Testing

@testable import Scenarios

@Suite
struct ScenarioWriterTests {
    @Test("the sample is written so that it reads back, and pleasant to read")
    func sample() throws {
        let scenario = try ScenarioReader.read(Sample.text, file: "a.yaml")
        let text = ScenarioWriter.write(scenario)
        #expect(try ScenarioReader.read(text, file: "b.yaml") == scenario)
        #expect(text == Self.written)
    }

    @Test("scenarios made up from a seed read back to equal values", arguments: 0..<20)
    func drawn(block: Int) throws {
        for index in 0..<25 {
            var random = RandomScenario(seed: UInt64(block * 25 + index))
            let scenario = random.scenario()
            let text = ScenarioWriter.write(scenario)
            let again = try ScenarioReader.read(text, file: "drawn.yaml")
            #expect(again == scenario, "\(text)")
            #expect(ScenarioWriter.write(again) == text)
        }
    }

    @Test("what is as usual is left out")
    func small() throws {
        let scenario = try ScenarioReader.read(Sample.small(), file: "a.yaml")
        #expect(
            ScenarioWriter.write(scenario) == """
                version: 1
                name: small
                about: Little happens.
                clients:
                  - {name: shop}
                expect:
                  always: [conservation]

                """
        )
    }

    @Test("chances and durations are written in the shortest way that reads back")
    func scalars() {
        let durations: [(Duration, String)] = [
            (.zero, "0s"), (.milliseconds(1), "1ms"), (.milliseconds(1_500), "1.5s"),
            (.seconds(90), "90s"), (.seconds(120), "2m"), (.seconds(7_200), "2h"),
            (.microseconds(20), "0.02ms"), (.milliseconds(-200), "-200ms"),
            (Duration(attoseconds: 1), "0.000000000000001ms"),
            (Duration(attoseconds: 1_000_000_000_000_000_001), "1000.000000000000001ms"),
            (Duration(attoseconds: 1_000_000_000_000_001_000), "1.000000000000001s"),
        ]
        for (duration, text) in durations {
            #expect(ScalarSyntax.text(duration) == text)
            #expect(ScalarSyntax.duration(text) == duration)
        }
        let numbers: [(Double, String)] = [
            (0, "0"), (1, "1"), (0.1, "0.1"), (-0.5, "-0.5"), (1e-7, "0.0000001"),
            (1.25e-9, "0.00000000125"), (1e20, "100000000000000000000"), (1.5, "1.5"),
        ]
        for (number, text) in numbers {
            #expect(ScalarSyntax.text(number) == text)
            #expect(ScalarSyntax.number(text) == number)
        }
        let smallest = ScalarSyntax.text(Double.leastNonzeroMagnitude)
        #expect(ScalarSyntax.number(smallest) == Double.leastNonzeroMagnitude)
    }

    private static let written = """
        version: 1
        name: refund-during-ledger-partition
        about: A partition cuts the ledger off while refunds are in flight; nothing may be refunded twice.
        requires: [net.partition, rpc.reply_loss, auth.rotate]
        run: {seeds: 1..200, verify: twice}
        system: {gateway: 1, payment: 2, ledger: 1, refund: 1}
        settings: {DRAIN_GRACE: "2", LEDGER_SERVICE_CONFIG: "{\\"methodConfig\\": [{\\"name\\": [{}]}]}",
            RATE_LIMIT: "100/60"}
        links:
          default: {latency: {mean: 8ms}, drop: 0, duplicate: 0}
          "payment->ledger": {drop: 0.02}
        clients:
          - {name: shop, count: 10, total: 500, ops: {pay: 6, refund: 2, read: 2}}
        faults:
          - {id: cut, at: 10s, for: 8s, do: net.partition, between: [[ledger], [payment, refund]]}
          - {id: lost, on: {event: ledger.committed, nth: 3}, do: rpc.reply_loss, target: ledger, times: 1}
          - {id: key, after: cut, delay: 1s, do: auth.rotate, overlap: 5s}
          - {id: die, every: 15s, jitter: 5s, do: proc.crash, target: {any: payment}, restart_after: 2s,
             disk: lose_unsynced, p: 0.5}
        swarm: {links.drop: [0, 0.1], choose_faults: 1..3}
        expect:
          always: [conservation, idempotent_once, refund_le_capture, auth_gate, acknowledged_is_durable]
          eventually: [all_ops_resolved, all_serving, queues_empty]
          sometimes: [{metric: duplicate_suppressed, min: 1}, {fault: lost, effective: 1}]
          checkers: [{linearizable: {model: payment, partition_by: payment_id, timeout: 20s}}]

        """
}
