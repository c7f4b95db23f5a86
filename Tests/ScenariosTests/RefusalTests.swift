import Testing

@testable import Scenarios

@Suite
struct RefusalTests {
    @Test("a fault that is wrong is refused with what is wrong", arguments: Self.faults)
    func fault(text: String, sentence: String) {
        let line = Sample.problem(Sample.fault(text))
        #expect(line == "a.yaml:7: \(sentence)")
    }

    @Test("a file that is wrong is refused with what is wrong", arguments: Self.files)
    func file(text: String, sentence: String) {
        #expect(Sample.problem(Sample.small(text)) == "a.yaml:6: \(sentence)")
    }

    @Test("a client that is wrong is refused with what is wrong", arguments: Self.clients)
    func client(text: String, sentence: String) {
        let file = Sample.small().replacing("{name: shop}", with: text)
        #expect(Sample.problem(file) == "a.yaml:4: \(sentence)")
    }

    @Test(
        "an expectation that is wrong is refused with what is wrong",
        arguments: Self.expectations
    )
    func expectation(text: String, sentence: String) {
        let file = Sample.small().replacing("{always: [conservation]}", with: text)
        #expect(Sample.problem(file) == "a.yaml:5: \(sentence)")
    }

    @Test("a key that must be there is missed", arguments: ["version", "name", "about", "expect"])
    func missing(key: String) {
        let lines = Sample.small().split(separator: "\n").filter { !$0.hasPrefix(key) }
        #expect(
            Sample.problem(lines.joined(separator: "\n"))
                == "a.yaml:1: the key '\(key)' is missing"
        )
    }

    @Test("faults that wait for each other in a circle are refused once")
    func circle() {
        let text = Sample.small(
            """
            faults:
              - {id: a, after: c, do: net.reset, target: all}
              - {id: b, after: a, do: net.reset, target: all}
              - {id: c, after: b, do: net.reset, target: all}
              - {id: d, after: c, do: net.reset, target: all}
            """
        )
        #expect(Sample.problem(text) == "a.yaml:7: the fault 'a' comes after itself")
    }

    @Test("faults and clients that share a name are refused")
    func twice() {
        let faults = Sample.small(
            """
            faults:
              - {id: a, at: 1s, do: net.reset, target: all}
              - {id: a, at: 2s, do: net.reset, target: all}
            """
        )
        #expect(Sample.problem(faults) == "a.yaml:8: the fault 'a' is there twice")
        let clients = Sample.small().replacing("{name: shop}", with: "{name: shop}, {name: shop}")
        #expect(Sample.problem(clients) == "a.yaml:4: the client 'shop' is there twice")
    }

    @Test("every schedule once, and every seed twice, are not asked for together")
    func exhaustiveTwice() {
        let text = Sample.small("run: {strategy: exhaustive, verify: twice}")
            .replacing("{name: shop}", with: "{name: shop, total: 2}")
        let sentence = "verify: twice does not go with exhaustive, which runs each schedule once"
        #expect(Sample.problem(text) == "a.yaml:6: \(sentence)")
    }

    @Test("what is no scenario's YAML is refused with its line", arguments: Self.texts)
    func yaml(text: String, sentence: String) {
        #expect(Sample.problem(text)?.hasPrefix("a.yaml:\(sentence)") == true, "\(text)")
    }

    @Test("files without bounds are refused, however they are made")
    func bounds() {
        let laughs = (1...40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()
        let deep = [
            String(repeating: "[", count: 100_000), String(repeating: "- ", count: 100_000),
            String(repeating: "{a: ", count: 60_000), String(repeating: "? ", count: 100_000),
            String(repeating: "[", count: 900) + String(repeating: "]", count: 900),
            String(repeating: "? ", count: 900), laughs, String(repeating: "a", count: 300_000),
        ]
        for text in deep {
            #expect(Sample.problem(text)?.hasPrefix("a.yaml:1: ") == true)
        }
    }

    static let faults = [
        (
            "{id: x, at: 1s, do: net.clogg, for: 1s, target: all}",
            "do: unknown kind of fault 'net.clogg' (nearest known kind of fault: 'net.clog')"
        ),
        (
            "{id: x, at: 1s, do: disk.tron, for: 1s, target: all}",
            "do: unknown kind of fault 'disk.tron' (nearest known kind of fault: 'disk.torn')"
        ),
        (
            "{id: x, at: 1s, do: auth.jwks_down, for: 1s, target: payment}",
            "target: 'payment' judges no tokens of users"
        ),
        (
            "{id: x, do: net.reset, target: all}",
            "a fault needs exactly one of at, after, on and every"
        ),
        (
            "{id: x, at: 1s, every: 2s, do: net.reset, target: all}",
            "a fault needs exactly one of at, after, on and every, not at and every"
        ),
        (
            "{id: x, at: 1s, for: 0s, do: net.clog, target: all}",
            "for: the duration must be longer than 0s"
        ),
        ("{id: x, at: 1s, do: net.clog, target: all}", "net.clog needs 'for'"),
        ("{id: x, at: 1s, do: rpc.corrupt, target: all}", "rpc.corrupt needs 'for' or 'times'"),
        (
            "{id: x, at: 1s, for: 1s, do: proc.crash, target: all}",
            "'for' does not belong to proc.crash"
        ),
        (
            "{id: x, at: 1s, do: net.reset, target: all, by: 1s}",
            "'by' does not belong to net.reset"
        ),
        (
            "{id: x, at: 1s, do: proc.crash, target: payment, between: [[payment], [ledger]]}",
            "'between' does not belong to proc.crash"
        ),
        (
            "{id: x, at: 1s, do: net.reset, target: all, delay: 1s}",
            "'delay' belongs to 'after' only"
        ),
        (
            "{id: x, at: 1s, do: net.reset, target: all, jitter: 1s}",
            "'jitter' belongs to 'every' only"
        ),
        (
            "{id: x, at: 1s, do: net.reset, target: all, direction: both}",
            "'direction' belongs to 'between' only"
        ),
        (
            "{id: x, at: 1s, do: net.reset, target: all, times: 2}",
            "'times' does not belong to net.reset without 'every'"
        ),
        ("{id: x, at: 1s, for: 1s, do: net.drop, target: all}", "the key 'p' is missing"),
        ("{id: x, at: 1s, for: 1s, do: net.drop, target: all, p: 1.5}", "p: '1.5' is not in 0...1"),
        (
            "{id: x, at: 1s, for: 1s, do: net.drop, target: all, p: 5%}",
            "p: expected a number, found '5%'"
        ),
        ("{id: x, after: x, do: net.reset, target: all}", "the fault 'x' comes after itself"),
        ("{id: x, after: y, do: net.reset, target: all}", "after: unknown fault 'y'"),
        ("{id: x, at: 2m, do: net.reset, target: all}", "at: the run is over after 2m"),
        (
            "{id: x, at: 1x, do: net.reset, target: all}",
            "at: expected a duration (such as 10ms, 1.5s, 2m or 1h), found '1x'"
        ),
        (
            "{id: x, on: {event: ledger.comitted}, do: net.reset, target: all}",
            "event: unknown event 'ledger.comitted' (nearest known event: 'ledger.committed')"
        ),
        ("{id: x, on: {nth: 2}, do: net.reset, target: all}", "the key 'event' is missing"),
        (
            "{id: x, at: 1s, do: net.reset, target: paymnt}",
            "target: 'paymnt' is neither a service, a client nor a process (nearest known name: 'payment')"
        ),
        (
            "{id: x, at: 1s, do: net.reset, target: payment-3}",
            "target: 'payment-3' does not exist: there is only 2 of 'payment'"
        ),
        (
            "{id: x, at: 1s, do: net.reset, target: shop-2}",
            "target: 'shop-2' does not exist: there is only 1 of 'shop'"
        ),
        (
            "{id: x, at: 1s, do: proc.crash, target: shop}",
            "target: proc.crash strikes services, 'shop' is a client"
        ),
        (
            "{id: x, at: 1s, for: 1s, do: disk.full, target: gateway-1}",
            "target: 'gateway-1' has no disk"
        ),
        (
            "{id: x, at: 1s, step: pay_canray}",
            "step: unknown step 'pay_canray' (nearest known step: 'pay_canary')"
        ),
        (
            "{id: x, at: 1s, step: pay_canary, do: net.reset}", "an entry has do or step, not both"
        ),
        (
            "{id: x, at: 1s, step: pay_canary, target: ledger}",
            "'target' does not belong to step"
        ),
        ("{id: x, at: 1s, step: pay_canary, for: 1s}", "'for' does not belong to step"),
        (
            "{id: x, at: 1s, step: pay_canary, times: 2}",
            "'times' does not belong to step without 'every'"
        ),
        ("{id: x, step: pay_canary}", "a fault needs exactly one of at, after, on and every"),
        ("{id: x, at: 1s, do: proc.crash}", "proc.crash needs 'target'"),
        ("{id: x, at: 1s, do: net.reset}", "net.reset needs 'between' or 'target'"),
        (
            "{id: x, at: 1s, do: net.reset, target: all, between: [[payment], [ledger]]}",
            "net.reset needs 'between' or 'target', not both"
        ),
        (
            "{id: x, at: 1s, do: net.reset, between: [[payment], [ledger, payment-1]]}",
            "between: 'payment-1' and 'payment' are on both sides"
        ),
        (
            "{id: x, at: 1s, do: net.reset, between: [[payment]]}",
            "between: expected two sides such as [[ledger], [payment]]"
        ),
        (
            "{id: x, at: 1s, do: proc.crash, target: {any: shop}}",
            "any: unknown service 'shop' (nearest known service: 'ledger')"
        ),
        (
            "{id: x, at: 1s, do: proc.crash, target: {any: payment, each: payment}}",
            "target: expected one of any and each"
        ),
        (
            "{id: x, at: 1s, do: auth.rotate, overlap: 1s, target: payment}",
            "target: auth.rotate strikes all, not one"
        ),
        ("{id: x, at: 1s, do: auth.rotate}", "the key 'overlap' is missing"),
        (
            "{id: x, at: 1s, times: 1, do: rpc.abort, target: ledger, status: OK}",
            "status: unknown status 'OK' (nearest known status: 'UNKNOWN')"
        ),
        (
            "{id: x, at: 1s, times: 1, do: rpc.abort, target: ledger, method: RecordTransactoin}",
            "method: unknown method 'RecordTransactoin' (nearest known method: 'RecordTransaction')"
        ),
        (
            "{id: x, at: 1s, do: proc.crash, target: ledger, steps: 4..1}",
            "steps: the range '4..1' is reversed"
        ),
        ("{id: x, at: 1s, do: clock.jump, target: ledger, by: 0s}", "by: a jump by 0s is none"),
        (
            "{id: x, at: 1s, do: clock.jump, target: ledger, by: soon}",
            "by: expected a duration (such as 10ms, 1.5s, 2m or 1h), found 'soon'"
        ),
        (
            "{id: x, at: 1s, for: 1s, do: clock.drift, target: ledger, rate: 2}",
            "rate: '2' is not in -0.9...0.9"
        ),
        (
            "{id: X, at: 1s, do: net.reset, target: all}",
            "id: 'X' is no name (a small letter, then small letters, digits, '-' and '_')"
        ),
        ("{at: 1s, do: net.reset, target: all}", "the key 'id' is missing"),
        (
            "{id: x, at: 1s, do: proc.crash, target: ledger, disk: torn}",
            "disk: unknown value 'torn' (nearest known value: 'lose_unsynced')"
        ),
        (
            "{id: x, at: 1s, do: net.reset, taget: all}",
            "unknown key 'taget' (nearest known key: 'target')\na.yaml:7: net.reset needs 'between' or 'target'"
        ),
        ("crash", "expected a mapping, found 'crash'"),
    ]

    static let files = [
        ("falts: []", "unknown key 'falts' (nearest known key: 'faults')"),
        ("run: {seeds: 9..1}", "seeds: the range '9..1' is reversed"),
        ("run: {seeds: 1-9}", "seeds: expected a range such as 1..3, found '1-9'"),
        ("run: {seeds: 1..2000000}", "seeds: at most 1000000 seeds"),
        ("run: {max_steps: 100_000_000}", "max_steps: 100000000 is not in 1..99999999"),
        (
            "run: {strategy: exhaustive}",
            "strategy: exhaustive is for small cases: at most 4 operations, and the clients do 10"
        ),
        ("run: {strategy: {exhaustive: 2, pct: 3}}", "strategy: expected pct or exhaustive"),
        (
            "run: {strategy: {exhaustive: 0}}",
            "exhaustive: 0 is not in 1..1000000"
        ),
        ("run: {max_virtual: 61m}", "max_virtual: at most 1h"),
        (
            "run: {max_virtual: 10}",
            "max_virtual: expected a duration (such as 10ms, 1.5s, 2m or 1h), found '10'"
        ),
        (
            "run: {strategy: randm}",
            "strategy: unknown strategy 'randm' (nearest known strategy: 'random')"
        ),
        ("run: {verify: thrice}", "verify: unknown value 'thrice' (nearest known value: 'twice')"),
        ("run: fast", "expected a mapping, found 'fast'"),
        ("system: {payment: 0}", "payment: 0 is not in 1..99"),
        ("system: {payment: 100}", "payment: 100 is not in 1..99"),
        ("system: {payment: two}", "payment: expected a whole number, found 'two'"),
        ("system: {payment: \"2\"}", "payment: expected a whole number, found '2'"),
        (
            "settings: {RATE_LIMITS: off}",
            "unknown key 'RATE_LIMITS' (nearest known key: 'RATE_LIMIT')"
        ),
        ("settings: {DRAIN_GRACE: 2}", "DRAIN_GRACE: expected text, found '2': put it in quotes"),
        ("settings: [a]", "expected a mapping, found a list"),
        ("system: {ledger: 2}", "ledger: 2 is not in 1..1"),
        ("system: {paymant: 2}", "unknown key 'paymant' (nearest known key: 'payment')"),
        ("links: {default: {drop: 2}}", "drop: '2' is not in 0...1"),
        (
            "links: {payment: {drop: 0}}",
            "'payment' is no link: expected default or \"payment->ledger\""
        ),
        (
            "links: {\"payment->lodger\": {drop: 0}}",
            "'lodger' is neither a service, a client nor a process (nearest known name: 'ledger')"
        ),
        ("links: {\"payment->payment\": {drop: 0}}", "a link leads from one to another"),
        (
            "links: {default: {latency: {dist: normal}}}",
            "dist: unknown distribution 'normal' (nearest known distribution: 'lognormal')"
        ),
        (
            "links: {default: {latency: {min: 1s}}}",
            "latency: min, mean and max do not rise (what is left out is 1ms, 5ms and 2s)"
        ),
        ("swarm: {links.drop: [2]}", "links.drop: '2' is not in 0...1"),
        ("swarm: {links.drop: []}", "links.drop: expected 1 to 16 items, found 0"),
        ("swarm: {choose_faults: 0..1}", "choose_faults: there are only 0 faults"),
        ("liveness: {within: 0s}", "within: the duration must be longer than 0s"),
        ("liveness: {heal: some}", "heal: unknown value 'some' (nearest known value: 'all')"),
        (
            "requires: [disk.bitflop]",
            "requires: unknown kind of fault 'disk.bitflop'"
                + " (nearest known kind of fault: 'disk.bitflip')"
        ),
        ("requires: [net.clog, net.clog]", "requires: the list says something twice"),
        ("faults: {}", "faults: expected a list, found a mapping"),
    ]

    static let clients = [
        ("{name: ledger}", "name: 'ledger' means something else; a client needs a name of its own"),
        ("{name: all}", "name: 'all' means something else; a client needs a name of its own"),
        (
            "{name: shop-3}",
            "name: 'shop-3' would be one client of several: leave out '-' and number"
        ),
        ("{name: shop, count: 0}", "count: 0 is not in 1..1000000"),
        ("{name: shop, total: 1_000_001}", "total: 1000001 is not in 1..1000000"),
        (
            "{name: shop, total: 600000}, {name: till, total: 600000}",
            "the totals of all clients are above 1000000"
        ),
        (
            "{name: shop, count: 600000}, {name: till, count: 600_000}",
            "the counts of all clients are above 1000000"
        ),
        ("{name: shop, ops: {pay: 0}}", "ops: at least one weight must be above 0"),
        ("{name: shop, deadline: 0s}", "deadline: the duration must be longer than 0s"),
        (
            "{name: shop, retry: {wait: 6s}}",
            "retry: wait is longer than max_wait (what is left out is 100ms and 5s)"
        ),
        (
            "{name: shop, retry: {backoff: linear}}",
            "backoff: unknown backoff 'linear' (nearest known backoff: 'constant')"
        ),
        (
            "{name: shop, idempotency: always}",
            "idempotency: unknown value 'always' (nearest known value: 'none')"
        ),
        ("{name: shop, orders: mine}", "orders: unknown value 'mine' (nearest known value: 'own')"),
        (
            "{name: shop, scopes: [payments:write]}",
            "scopes: unknown scope 'payments:write' (nearest known scope: 'payment:write')"
        ),
        ("", "the key 'clients' must list at least one plan of clients"),
    ]

    static let expectations = [
        (
            "{always: [conservatoin]}",
            "always: unknown oracle 'conservatoin' (nearest known oracle: 'conservation')"
        ),
        (
            "{eventually: [conservation]}",
            "eventually: unknown oracle 'conservation' (nearest known oracle: 'all_serving')"
        ),
        (
            "{always: [gapless], sometimes: [{metric: retryed}]}",
            "metric: unknown metric 'retryed' (nearest known metric: 'retried')"
        ),
        ("{always: [gapless], sometimes: [{fault: cut}]}", "fault: unknown fault 'cut'"),
        (
            "{always: [gapless], sometimes: [{metric: retried, fault: cut}]}",
            "sometimes: exactly one of metric and fault is needed"
        ),
        (
            "{always: [gapless], sometimes: [{metric: retried, effective: 2}]}",
            "'effective' does not belong to 'metric'"
        ),
        (
            "{checkers: [{linearizable: {model: ledger}}]}",
            "model: unknown model 'ledger' (nearest known model: 'payment')"
        ),
        ("{checkers: [{linearizable: {}}]}", "the key 'model' is missing"),
        ("{checkers: []}", "checkers: expected one checker"),
        (
            "{sometimes: [{metric: retried}]}",
            "expect: nothing must hold (one of always, eventually and checkers is needed)"
        ),
    ]

    static let texts = [
        ("", "1: the file is empty"),
        ("a: [", "1: this is no YAML: "),
        ("a: 1\nb: }\n", "2: this is no YAML: "),
        ("a: 1\n---\nb: 1\n", "2: this is no YAML: but found another document"),
        ("a: \u{1}\n", "1: this is no YAML: "),
        ("name: a\n\nname: b\n", "1: the key 'name' is there more than once"),
        ("name: a\n\"name\": b\n", "1: the key 'name' is there more than once"),
        ("a: 1\nb: &x 2\n", "2: a word begins with '&' or '*'"),
        ("a: 1\nb: *x\n", "2: a word begins with '&' or '*'"),
        ("a: 1\nb: !!str x\n", "2: the tag 'tag:yaml.org,2002:str' is refused"),
        ("a: !x [1]\n", "1: the tag '!x' is refused"),
        ("? [a]\n: 1\n", "1: a key is one word"),
        ("- a\n", "1: expected a mapping, found a list"),
    ]
}
