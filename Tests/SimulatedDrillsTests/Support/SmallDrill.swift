import Checkers
import DrillEngine
import Scenarios

/// A drill of six clients, short enough for a test, with the faults that a test is about.
enum SmallDrill {
    /// The drill with `faults`, each as a file says it, such as `{id: a, at: 1s, do: net.reset}`;
    /// `client` is what the clients do otherwise, such as `pause: 20ms`.
    static func scenario(
        _ faults: [String] = [],
        client: String = "idempotency: per_operation",
        always: [String] = Self.always,
        run: String = "seeds: 1..8"
    ) throws -> Scenario {
        var lines = [
            "version: 1",
            "name: small",
            "about: A try.",
            "run: {\(run)}",
            "system: {gateway: 1, payment: 2, ledger: 1, refund: 1}",
            "clients:",
            "  - {name: shop, count: 6, total: 60, ops: {pay: 5, refund: 3, read: 2}, deadline: 2s,",
            "     retry: {max: 6, backoff: exponential}, \(client)}",
        ]
        if !faults.isEmpty { lines += ["faults:"] + faults.map { "  - \($0)" } }
        lines += [
            "expect:",
            "  always: [\(always.joined(separator: ", "))]",
            "  eventually: [all_ops_resolved, all_serving, queues_empty]",
        ]
        return try ScenarioReader.read(lines.joined(separator: "\n"), file: "small.yaml")
    }

    /// Everything that can hold at every moment.
    static let always = Oracles.always
}
