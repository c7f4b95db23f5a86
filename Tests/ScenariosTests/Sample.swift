@testable import Scenarios

/// A good file that says something of everything.
enum Sample {
    static let text = """
        version: 1
        name: refund-during-ledger-partition
        about: A partition cuts the ledger off while refunds are in flight; nothing may be refunded twice.
        requires: [net.partition, rpc.reply_loss, auth.rotate]
        run: {seeds: 1..200, max_virtual: 120s, max_steps: 2_000_000, strategy: random, verify: twice}
        system: {gateway: 1, payment: 2, ledger: 1, refund: 1}
        settings: {RATE_LIMIT: 100/60, DRAIN_GRACE: "2", LEDGER_SERVICE_CONFIG: '{"methodConfig": [{"name": [{}]}]}'}
        links:
          default: {latency: {dist: exponential, min: 1ms, mean: 8ms, max: 2s}, drop: 0, duplicate: 0}
          "payment->ledger": {drop: 0.02}
        clients:
          - {name: shop, count: 10, total: 500, ops: {pay: 6, refund: 2, read: 2}, deadline: 2s,
             retry: {max: 4, backoff: exponential}, idempotency: per_operation}
        faults:
          - {id: cut,  at: 10s, for: 8s, do: net.partition, between: [[ledger], [payment, refund]]}
          - {id: lost, on: {event: ledger.committed, nth: 3}, do: rpc.reply_loss, target: ledger, times: 1}
          - {id: key,  after: cut, delay: 1s, do: auth.rotate, overlap: 5s}
          - {id: die,  every: 15s, jitter: 5s, p: 0.5, do: proc.crash, target: {any: payment}, restart_after: 2s, disk: lose_unsynced}
        swarm: {links.drop: [0, 0.1], choose_faults: 1..3}
        liveness: {heal: all, within: 30s}
        expect:
          always: [conservation, idempotent_once, refund_le_capture, auth_gate, acknowledged_is_durable]
          eventually: [all_ops_resolved, all_serving, queues_empty]
          sometimes: [{metric: duplicate_suppressed, min: 1}, {fault: lost, effective: 1}]
          checkers: [{linearizable: {model: payment, partition_by: payment_id, timeout: 20s}}]

        """

    /// The smallest file, with `more` at its end.
    static func small(_ more: String = "") -> String {
        """
        version: 1
        name: small
        about: Little happens.
        clients: [{name: shop}]
        expect: {always: [conservation]}
        \(more)
        """
    }

    /// A file with one fault, written as in a list.
    static func fault(_ fault: String) -> String {
        self.small("system: {payment: 2}\nfaults: [\(fault)]")
    }

    /// The reader's error for `text`; nil when there is none.
    static func problem(_ text: String) -> String? {
        do {
            _ = try ScenarioReader.read(text, file: "a.yaml")
            return nil
        } catch {
            return error.description
        }
    }
}
