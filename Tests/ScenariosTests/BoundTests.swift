import Testing

@testable import Scenarios

@Suite
struct BoundTests {
    @Test("the reader and the schema draw every bound at the same place")
    func bounds() throws {
        let cases = Self.table.flatMap { row in
            row.good.map { (text: row.make($0), isGood: true) }
                + row.bad.map { (text: row.make($0), isGood: false) }
        }
        let verdicts = try SchemaJudge.judge(cases.map(\.text))
        #expect(verdicts.count == cases.count)
        for (row, isTaken) in zip(cases, verdicts) {
            #expect((Sample.problem(row.text) == nil) == row.isGood, "\(row.text)")
            #expect(isTaken == row.isGood, "the schema: \(row.text)")
        }
    }

    private struct Row {
        let make: @Sendable (String) -> String
        let good: [String]
        let bad: [String]

        /// `$` in `text` is each value in turn.
        init(_ text: String, good: [String], bad: [String]) {
            self.make = { text.replacing("$", with: $0) }
            self.good = good
            self.bad = bad
        }
    }

    private static func client(_ text: String) -> String {
        Sample.small().replacing("{name: shop}", with: text)
    }

    private static func expecting(_ text: String) -> String {
        Sample.small().replacing("{always: [conservation]}", with: text)
    }

    private static let windows = (
        good: ["1ms", "0.5ms", "1.000000000000001s", "'1s'", "2m", "1h", "00.10s"],
        bad: ["0s", "0.0ms", "1", "1.s", ".5s", "s", "-1s", "1 s", "1us", "1.5", "null", "[1s]"]
    )
    private static let durations = (
        good: ["0s", "0.00ms", "10ms", "90s"],
        bad: ["0", "-1s", "1S", "1s ms", "{}", "true", "1e3s", "1_0s"]
    )
    private static let chances = (
        good: ["0", "1", "0.5", "1.0", "0.000000001"],
        bad: ["-0.1", "1.01", "2", "'0.5'", "half", "50%", "null", "[0]", "true"]
    )
    private static let replicas = (good: ["1", "99"], bad: ["0", "100", "-1", "1.5", "'1'"])

    private static let table: [Row] = scalars + lists + clients + faults

    private static let scalars = [
        Row(Sample.small("run: {max_virtual: $}"), good: windows.good, bad: windows.bad),
        Row(Sample.small("liveness: {within: $}"), good: windows.good, bad: windows.bad),
        Row(Sample.small("links: {default: {drop: $}}"), good: chances.good, bad: chances.bad),
        Row(Sample.small("links: {default: {duplicate: $}}"), good: chances.good, bad: chances.bad),
        Row(Sample.small("links: {default: {reorder: $}}"), good: chances.good, bad: chances.bad),
        Row(Sample.small("system: {gateway: $}"), good: replicas.good, bad: replicas.bad),
        Row(Sample.small("system: {payment: $}"), good: replicas.good, bad: replicas.bad),
        Row(Sample.small("system: {refund: $}"), good: replicas.good, bad: replicas.bad),
        Row(Sample.small("system: {ledger: $}"), good: ["1"], bad: ["0", "2", "true", "'1'"]),
        Row(
            Sample.small("run: {max_steps: $}"),
            good: ["1", "99999999", "99_999_999"],
            bad: ["0", "100000000", "1.5", "_1", "1_", "many"]
        ),
        Row(
            Sample.small("run: {seeds: $}"),
            good: ["0..0", "1..200", "18446744073709551615..18446744073709551615"],
            bad: ["1", "1...2", "1..", "..1", "a..b", "-1..1", "1.2", "[1, 2]"]
        ),
        Row(
            Sample.small("run: {strategy: $}"),
            good: ["fifo", "random", "{pct: 1}", "{pct: 100}"],
            bad: ["pct", "{pct: 0}", "{pct: 101}", "{}", "{pct: 1, x: 1}", "[fifo]", "null"]
        ),
        Row(Sample.small("run: {verify: $}"), good: ["once", "twice"], bad: ["true", "2"]),
        Row(
            Sample.small("links: {default: {latency: {dist: constant, mean: $}}}"),
            good: durations.good,
            bad: durations.bad
        ),
        Row(
            Sample.small().replacing("version: 1", with: "version: $"),
            good: ["1"],
            bad: ["2", "'1'", "true", "one", "null"]
        ),
        Row(
            Sample.small().replacing("name: small", with: "name: $"),
            good: ["a", "a-b_1", String(repeating: "a", count: 64)],
            bad: ["A", "1", "-a", "a.b", "a b", "''", "null", String(repeating: "a", count: 65)]
        ),
        Row(
            Sample.small().replacing("about: Little happens.", with: "about: $"),
            good: ["x", "'1'", "A: 'b'".replacing(": ", with: ":"), "|\n  two\n  lines"],
            bad: [
                "''", "'  '", "1", "1.5", "null", "true", "[a]",
                String(repeating: "a", count: 4_097),
            ]
        ),
    ]

    private static let lists = [
        Row(
            Sample.small("swarm: {links.drop: [$]}"),
            good: ["0", String(repeating: "0, ", count: 16)],
            bad: ["", "2", "x", String(repeating: "0, ", count: 17)]
        ),
        Row(
            Sample.small("swarm: {links.duplicate: [$]}"),
            good: ["1", String(repeating: "0, ", count: 16)],
            bad: ["", "-1", String(repeating: "0, ", count: 17)]
        ),
        Row(
            Sample.small("requires: $"),
            good: ["[net.clog]", "[net.clog, dns.fail]"],
            bad: ["[]", "net.clog", "[net.clog, net.clog]", "[disk.tron]", "{}"]
        ),
        Row(
            expecting("{always: $}"),
            good: ["[gapless]", "[gapless, no_internal]"],
            bad: ["[]", "gapless", "[gapless, gapless]", "[queues_empty]", "null"]
        ),
        Row(expecting("{eventually: $}"), good: ["[queues_empty]"], bad: ["[]", "[gapless]"]),
        Row(
            expecting("{always: [gapless], sometimes: [{metric: retried, min: $}]}"),
            good: ["1", "1000000"],
            bad: ["0", "1000001", "x"]
        ),
        Row(
            expecting("{always: [gapless], sometimes: [$]}"),
            good: ["", "{metric: retried}"],
            bad: ["retried", "{}", "{min: 1}", "{metric: retried, x: 1}"]
        ),
        Row(
            expecting("{always: [gapless], seldom: [{metric: retried, max: $}]}"),
            good: ["0", "1000000"],
            bad: ["-1", "1000001", "x"]
        ),
        Row(
            expecting("{always: [gapless], seldom: [$]}"),
            good: ["", "{metric: retried, max: 3}"],
            bad: [
                "retried", "{}", "{metric: retried}", "{max: 1}", "{metric: retried, max: 1, x: 1}",
            ]
        ),
        Row(
            expecting("{checkers: [$]}"),
            good: ["{linearizable: {model: payment}}"],
            bad: ["", "linearizable", "{}", "{linearizable: {model: payment, key: a}}"]
        ),
        Row(
            expecting("{checkers: [{linearizable: {model: payment, timeout: $}}]}"),
            good: windows.good,
            bad: windows.bad
        ),
        Row(
            expecting("{checkers: [{linearizable: {model: payment, partition_by: $}}]}"),
            good: ["payment_id"],
            bad: ["order_id", "null"]
        ),
    ]

    private static let clients = [
        Row(client("{name: shop, deadline: $}"), good: windows.good, bad: windows.bad),
        Row(client("{name: shop, token_lifetime: $}"), good: windows.good, bad: windows.bad),
        Row(client("{name: shop, mischief: $}"), good: chances.good, bad: chances.bad),
        Row(client("{name: shop, start: $}"), good: durations.good, bad: durations.bad),
        Row(client("{name: shop, pause: $}"), good: durations.good, bad: durations.bad),
        Row(
            client("{name: shop, retry: {wait: $, max_wait: 1h}}"),
            good: durations.good,
            bad: durations.bad
        ),
        Row(
            client("{name: shop, retry: {wait: 0s, max_wait: $}}"),
            good: durations.good,
            bad: durations.bad
        ),
        Row(
            client("{name: shop, count: $}"),
            good: ["1", "1000000", "1_000_000"],
            bad: ["0", "1000001", "'1'"]
        ),
        Row(
            client("{name: shop, total: $}"),
            good: ["1", "1000000", "1_000_000"],
            bad: ["0", "1000001", "x", "1__", "_1"]
        ),
        Row(client("{name: shop, retry: {max: $}}"), good: ["0", "100"], bad: ["-1", "101"]),
        Row(
            client("{name: shop, ops: $}"),
            good: ["{pay: 1}", "{read: 1000}", "{pay: 0, refund: 1}"],
            bad: ["{}", "{pay: 0}", "{pay: 1001}", "{pay: -1, read: 1}", "{pay: 1, x: 1}", "pay"]
        ),
        Row(
            client("{name: shop, scopes: $}"),
            good: ["[payment:read]", "[payment:read, refund:write]"],
            bad: ["[]", "payment:read", "[payment:read, payment:read]", "[x]"]
        ),
        Row(
            client("{name: $}"),
            good: ["shop", "payment-desk", "shop2", "shop_2", "client"],
            bad: ["payment", "gateway", "all", "default", "shop-2", "payment-2", "Shop"]
        ),
        Row(client("$"), good: ["{name: a}, {name: b}"], bad: ["", "shop", "[]", "null"]),
    ]

    private static func fault(_ text: String) -> String { Sample.fault("{id: x, \(text)}") }

    private static let faults = [
        Row(fault("at: $, do: net.reset, target: all"), good: durations.good, bad: durations.bad),
        Row(
            fault("every: $, do: net.reset, target: all"),
            good: ["1ms", "1.5s"],
            bad: windows.bad
        ),
        Row(
            fault("every: 1s, jitter: $, do: net.reset, target: all"),
            good: durations.good,
            bad: durations.bad
        ),
        Row(
            fault("at: 1s, do: net.clog, target: all, for: $"),
            good: windows.good,
            bad: windows.bad
        ),
        Row(
            fault("at: 1s, do: net.delay, target: all, for: 1s, by: $"),
            good: windows.good,
            bad: windows.bad
        ),
        Row(
            fault("at: 1s, do: clock.jump, target: ledger, by: $"),
            good: ["1s", "-1s", "-0.5ms", "300s"],
            bad: ["0s", "-0s", "--1s", "+1s", "1", "soon"]
        ),
        Row(
            fault("at: 1s, do: clock.drift, target: ledger, for: 1s, rate: $"),
            good: ["0.9", "-0.9", "0.000001"],
            bad: ["0", "0.0", "0.91", "-0.91", "'0.1'", "fast"]
        ),
        Row(
            fault("at: 1s, do: net.drop, target: all, for: 1s, p: $"),
            good: chances.good,
            bad: chances.bad
        ),
        Row(
            fault("at: 1s, do: net.reset, target: all, p: $"),
            good: chances.good,
            bad: chances.bad
        ),
        Row(
            fault("at: 1s, do: rpc.abort, target: ledger, times: $"),
            good: ["1", "100000"],
            bad: ["0", "100001", "x"]
        ),
        Row(
            fault("on: {event: client.retried, nth: $}, do: net.reset, target: all"),
            good: ["1", "1000000"],
            bad: ["0", "1000001", "1st"]
        ),
        Row(
            fault("at: 1s, do: proc.restart, target: ledger, gap: $"),
            good: durations.good,
            bad: durations.bad
        ),
        Row(
            fault("at: 1s, do: proc.crash, target: ledger, restart_after: $"),
            good: durations.good,
            bad: durations.bad
        ),
        Row(
            fault("at: 1s, do: auth.rotate, overlap: $"),
            good: durations.good,
            bad: durations.bad
        ),
        Row(
            fault("at: 1s, do: proc.crash, target: $"),
            good: ["ledger", "payment-2", "all", "{any: payment}", "{each: refund}"],
            bad: ["[ledger]", "{}", "{all: payment}", "{any: [payment]}", "null", "1"]
        ),
        Row(
            fault("at: 1s, do: net.reset, between: $"),
            good: ["[[ledger], [payment, shop]]", "[[shop-1], [gateway-1]]"],
            bad: ["[]", "[[ledger]]", "[ledger, payment]", "[[ledger], []]", "ledger"]
        ),
        Row(
            fault("at: 1s, do: net.reset, between: [[ledger], [payment]], direction: $"),
            good: ["both", "forward"],
            bad: ["back", "null", "1"]
        ),
    ]
}
