import Checkers
import DrillEngine
import Foundation
import LiveDrills
import Scenarios
import Testing

@Suite("A live drill", .serialized)
struct LiveDrillTests {
    /// The `runtime` that was built with these tests, or the one that FLORIN_RUNTIME names.
    private static var runtime: String? {
        let files = FileManager.default
        if let named = ProcessInfo.processInfo.environment["FLORIN_RUNTIME"] {
            return files.isExecutableFile(atPath: named) ? named : nil
        }
        let binaries =
            [CommandLine.arguments[0], Bundle.main.executablePath ?? ""]
            + Bundle.allBundles.map(\.bundlePath)
        return binaries.lazy
            .map {
                URL(fileURLWithPath: $0).deletingLastPathComponent()
                    .appendingPathComponent("runtime").path
            }
            .first { files.isExecutableFile(atPath: $0) }
    }

    private func runtime() throws -> String {
        try #require(
            Self.runtime,
            "There is no runtime beside the tests: build it, or name it in FLORIN_RUNTIME."
        )
    }

    private static let scenario = """
        version: 1
        name: small-and-live
        about: The ledger is cut off for a moment, one payment service dies, and then the ledger.
        run: {seeds: 1..1, max_virtual: 60s}
        system: {gateway: 1, payment: 2, ledger: 1, refund: 1}
        clients:
          - {name: shop, count: 3, total: 60, ops: {pay: 5, refund: 3, read: 2}, deadline: 1s, pause: 150ms,
             retry: {max: 6, backoff: exponential}, idempotency: per_operation}
        faults:
          - {id: cut, at: 200ms, for: 2s, do: net.partition, between: [[ledger], [payment, refund]]}
          - {id: die, on: {event: ledger.committed, nth: 5}, do: proc.crash, target: payment-1, restart_after: 100ms}
          - {id: end, on: {event: ledger.committed, nth: 8}, do: proc.crash, target: ledger, restart_after: 100ms}
          - {id: old, every: 400ms, for: 100ms, do: auth.expire, target: shop}
          - {id: still, at: 1200ms, for: 300ms, do: proc.pause, target: payment-2}
        liveness: {heal: all, within: 120s}
        expect:
          always: [conservation, gapless, idempotent_once, refund_le_capture, acknowledged_is_durable, auth_gate, serving_means_served, matches_model, no_internal]
          eventually: [all_ops_resolved, all_serving, queues_empty]
          sometimes: [{metric: committed, min: 5}, {metric: crashed, min: 2}]
        """

    @Test("real processes keep the rules while links are cut, and a service and the ledger die")
    func realProcesses() async throws {
        let runtime = try self.runtime()
        let scenario = try ScenarioReader.read(Self.scenario, file: "small-and-live.yaml")
        let run = await LiveDrill.run(scenario, seed: 1, runtime: runtime)
        #expect(run.result == .pass)
        #expect(run.faults.allSatisfy { $0.effective >= 1 })
        let unknown = run.verdicts.filter { $0.verdict != .pass }.map(\.oracle)
        #expect(unknown == ["matches_model"])
    }

    private static let elsewhere = """
        version: 1
        name: spread-and-live
        about: The ledger is cut off for a moment, on a host of its own.
        run: {seeds: 1..1, max_virtual: 60s}
        system: {gateway: 1, payment: 1, ledger: 1, refund: 1}
        clients:
          - {name: shop, count: 2, total: 20, ops: {pay: 5, read: 2}, deadline: 1s, pause: 100ms,
             retry: {max: 6, backoff: exponential}, idempotency: per_operation}
        faults:
          - {id: cut, at: 200ms, for: 300ms, do: net.partition, between: [[ledger], [payment]]}
        liveness: {heal: all, within: 120s}
        expect:
          always: [conservation, gapless, idempotent_once, acknowledged_is_durable, auth_gate, serving_means_served, no_internal]
          eventually: [all_ops_resolved, all_serving, queues_empty]
        """

    @Test("hosts take the processes in turn, and each host's own command starts them there")
    func hosts() async throws {
        let files = FileManager.default
        let log = files.temporaryDirectory.appending(path: "hosts-\(UUID().uuidString)").path
        defer { try? files.removeItem(atPath: log) }
        let script = #"echo "$BIND_HOST $4" >> "$LOG"; exec "$0" "$@""#
        let hosts = ["127.0.0.2", "127.0.0.3"].map {
            LiveHost(address: $0, command: ["LOG=\(log)", "sh", "-c", script])
        }
        let run = await LiveDrill.run(
            try ScenarioReader.read(Self.elsewhere, file: "spread-and-live.yaml"),
            seed: 1,
            runtime: try self.runtime(),
            on: try #require(LiveHosts(hosts, own: "127.0.0.4"))
        )
        #expect(run.result == .pass, "\(run.failure ?? "")")
        #expect(run.faults.allSatisfy { $0.effective >= 1 })
        let started = try String(contentsOfFile: log, encoding: .utf8)
        #expect(
            started == """
                127.0.0.2 ledger
                127.0.0.3 payment
                127.0.0.2 refund
                127.0.0.3 gateway

                """
        )
    }

    private static let rotation = """
        version: 1
        name: rotated-and-live
        about: The secret is replaced in three restarts of everybody.
        run: {seeds: 1..1, max_virtual: 30s}
        system: {gateway: 1, payment: 1, ledger: 1, refund: 1}
        clients:
          - {name: shop, count: 2, total: 100, ops: {pay: 5, read: 2}, deadline: 1s, pause: 300ms,
             retry: {max: 8, backoff: exponential}, idempotency: per_operation}
        faults:
          - {id: rotate, at: 200ms, do: auth.rotate, target: all, overlap: 300ms}
        liveness: {heal: all, within: 120s}
        expect:
          always: [conservation, gapless, idempotent_once, acknowledged_is_durable, auth_gate, serving_means_served, no_internal]
          eventually: [all_ops_resolved, all_serving, queues_empty]
          sometimes: [{metric: refused_token, min: 1}]
        """

    @Test("real processes take the next secret, and at last refuse the former")
    func rotation() async throws {
        let scenario = try ScenarioReader.read(Self.rotation, file: "rotated-and-live.yaml")
        let run = await LiveDrill.run(scenario, seed: 1, runtime: try self.runtime())
        #expect(run.result == .pass, "\(run.failure ?? "")")
        #expect(run.faults.allSatisfy { $0.effective == 1 })
    }

    @Test("a scenario with a fault that cannot be injected is skipped, and starts nothing")
    func skipped() async throws {
        var scenario = Scenario(name: "x", about: "x")
        let trigger = FaultPlan.Trigger.at(.zero)
        scenario.faults = [
            FaultPlan(id: "full", trigger: trigger, kind: .diskFull, scope: .target("ledger"))
        ]
        let run = await LiveDrill.run(scenario, seed: 1, runtime: "/nowhere")
        #expect(run.result == .skipped("the fault full (disk.full) needs a simulated disk"))
    }

    @Test("an executable that is not there fails the run with a sentence")
    func noExecutable() async throws {
        let scenario = Scenario(name: "x", about: "x")
        let run = await LiveDrill.run(scenario, seed: 1, runtime: "/nowhere/runtime")
        #expect(run.result.word == "fail")
        #expect(run.failure?.contains("ledger-1 could not be started") == true)
    }

    @Test("a process that ends at once fails the run with its last words")
    func lastWords() async throws {
        let scenario = Scenario(name: "x", about: "x")
        let run = await LiveDrill.run(scenario, seed: 1, runtime: "/bin/cat")
        #expect(run.result.word == "fail")
        #expect(run.failure?.contains("ledger-1 did not come up") == true)
        #expect(run.failure?.contains("--transport") == true)
    }
}
