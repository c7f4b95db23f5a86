import Checkers
import Testing

/// The oracles that look at processes, tokens and links.
@Suite("Oracles of services")
struct ServiceOracleTests {
    @Test("tokens open what they should", arguments: gate)
    func guards(example: OracleCase) {
        let effects: [String: ClockEffect] = [
            "cut": .none, "turn": .none, "skew": .jump, "skew-ledger": .jump, "drift": .drift,
        ]
        let targets = ["skew": ["gateway-1"], "skew-ledger": ["ledger"], "drift": ["gateway"]]
        example.expectVerdict(
            of:
                AuthGateOracle(
                    context: CheckerContext(clockEffects: effects, faultTargets: targets)
                )
        )
    }

    static let gate: [OracleCase] = [
        OracleCase(
            "a good one is accepted, a bad one refused",
            [
                .pay(0), .token(isBad: false, accepted: true), .capture(1), .paid(0),
                .pay(1, key: "k-2", isGood: false), .token(isBad: true, accepted: false),
                .refused(1, 401, "invalid_token"),
            ],
            .pass
        ),
        OracleCase(
            "a bad one is accepted",
            [.token(isBad: true, accepted: true)],
            .fail([0], "gateway-1 accepted the bad token")
        ),
        OracleCase(
            "a good one is refused",
            [.token(isBad: false, accepted: false)],
            .fail([0], "gateway-1 refused the good token")
        ),
        OracleCase(
            "a good one is refused while keys change",
            [.fault(id: "turn", .fired), .token(isBad: false, accepted: false)],
            .fail([1], "gateway-1 refused the good token")
        ),
        OracleCase(
            "one is refused whose key the gateway need not know yet",
            [
                .pay(0), .tried(operation: 0, attempt: 1, requestID: "req-0-1"),
                .token(isBad: true, accepted: false, judge: "gateway"),
                .refused(0, 401, "invalid_token"),
            ],
            .pass
        ),
        OracleCase(
            "the next try is refused for nothing",
            [
                .pay(0), .tried(operation: 0, attempt: 1, requestID: "req-0-1"),
                .token(isBad: true, accepted: false, judge: "gateway"),
                .tried(operation: 0, attempt: 2, requestID: "req-0-2"),
                .refused(0, 401, "invalid_token"),
            ],
            .fail([0, 4], "had a good token")
        ),
        OracleCase(
            "the token of a service was bad, and the user is told that theirs was",
            [
                .pay(0), .tried(operation: 0, attempt: 1, requestID: "req-0-1"),
                .token(isBad: true, accepted: false, judge: "ledger"),
                .refused(0, 401, "invalid_token"),
            ],
            .fail([0, 3], "had a good token")
        ),
        OracleCase(
            "a good one is refused by a clock that is wrong",
            [.pay(0), .fault(id: "skew", .fired), .refused(0, 401, "invalid_token")],
            .pass
        ),
        OracleCase(
            "a good one is refused after the clock was set right",
            [
                .fault(id: "skew", .fired), .fault(id: "skew", .reverted), .pay(0),
                .refused(0, 401, "invalid_token"),
            ],
            .fail([2, 3], "had a good token")
        ),
        OracleCase(
            "a good one is refused while the clock was set right",
            [
                .fault(id: "skew", .fired), .pay(0), .fault(id: "skew", .reverted),
                .refused(0, 401, "invalid_token"),
            ],
            .pass
        ),
        OracleCase(
            "what a clock gained stays after it drifts no more",
            [
                .fault(id: "drift", .fired), .fault(id: "drift", .reverted), .pay(0),
                .refused(0, 401, "invalid_token"),
            ],
            .pass
        ),
        OracleCase(
            "the clock of the ledger does not excuse the gateway",
            [.pay(0), .fault(id: "skew-ledger", .fired), .refused(0, 401, "invalid_token")],
            .fail([0, 2], "had a good token")
        ),
        OracleCase(
            "a service's token is refused soon after a clock was wrong",
            [
                .fault(id: "skew-ledger", .fired), .fault(id: "skew-ledger", .reverted),
                .token(isBad: false, accepted: false, judge: "ledger"),
            ],
            .pass
        ),
        OracleCase(
            "a service's token is refused for nothing",
            [.token(isBad: false, accepted: false, judge: "ledger")],
            .fail([0], "ledger refused the good token")
        ),
        OracleCase(
            "one without the scope is refused for it",
            [.pay(0, hasScope: false), .refused(0, 403, "insufficient_scope")],
            .pass
        ),
        OracleCase(
            "one without the scope is refused as if it were bad",
            [.pay(0, hasScope: false), .refused(0, 401, "invalid_token")],
            .fail([0, 1], "had a token without the scope for it and was answered 401")
        ),
        OracleCase(
            "one without the scope gets as far as a rule",
            [.pay(0, hasScope: false), .refused(0, .idempotencyKeyReused)],
            .fail([0, 1], "had a token without the scope for it and was answered 422")
        ),
        OracleCase(
            "one without the scope leaves an entry",
            [.pay(0, hasScope: false), .lost(0), .capture(1)],
            .fail([0, 1, 2], "the journal has entry 1 for it")
        ),
        OracleCase(
            "one without the scope does not come to a judge",
            [.pay(0, hasScope: false), .refused(0, 503, "unavailable")],
            .pass
        ),
        OracleCase(
            "a fault of another kind excuses nothing",
            [.pay(0), .fault(id: "cut", .fired), .refused(0, 403, "insufficient_scope")],
            .fail([0, 2], "had a good token and was answered 403")
        ),
        OracleCase(
            "a fault of no known kind excuses everything",
            [.pay(0), .fault(id: "other", .fired), .refused(0, 401, "invalid_token")],
            .pass
        ),
        OracleCase(
            "an armed fault excuses nothing",
            [.pay(0), .fault(id: "skew", .armed), .refused(0, 401, "invalid_token")],
            .fail([0, 2], "had a good token")
        ),
        OracleCase(
            "a bad one pays",
            [.pay(0, isGood: false), .paid(0)],
            .fail([0, 1], "had a bad token and was answered paid")
        ),
        OracleCase(
            "a bad one leaves an entry",
            [.pay(0, isGood: false), .refused(0, 401, "invalid_token"), .capture(1)],
            .fail([0, 1, 2], "the journal has entry 1 for it")
        ),
        OracleCase(
            "the entry is somebody else's",
            [.pay(0, isGood: false), .pay(1, key: "k-2"), .capture(1)],
            .pass
        ),
        OracleCase(
            "a bad one is lost on its way",
            [.pay(0, isGood: false), .lost(0)],
            .pass
        ),
    ]

    @Test("who says it serves serves", arguments: served)
    func serves(example: OracleCase) { example.expectVerdict(of: ServedOracle()) }

    static let served: [OracleCase] = [
        OracleCase(
            "served, down, or not known",
            [
                .health("ledger-1"), .health("ledger-1", isServing: false, canary: false),
                .health("ledger-1", canary: nil),
            ],
            .pass
        ),
        OracleCase(
            "not served",
            [.health("ledger-1"), .health("ledger-1", canary: false)],
            .fail([1], "ledger-1 says that ledger is serving")
        ),
    ]

    @Test("everything serves in the end", arguments: serving)
    func endsServing(example: OracleCase) { example.expectVerdict(of: AllServingOracle()) }

    private static func started(_ name: String) -> HistoryEvent.What {
        .process(name: name, .started)
    }

    static let serving: [OracleCase] = [
        OracleCase(
            "well again after a crash",
            [
                started("ledger-1"), .health("ledger-1", isServing: false),
                .process(name: "ledger-1", .crashed), started("ledger-1"), .health("ledger-1"),
            ],
            .pass
        ),
        OracleCase(
            "clients and stopped processes are not asked",
            [
                started("shop-1"), .pay(0), started("refund-1"),
                .process(name: "refund-1", .stopped),
            ],
            .pass
        ),
        OracleCase(
            "still down",
            [started("ledger-1"), .health("ledger-1"), .health("ledger-1", isServing: false)],
            .fail([2], "ledger-1 does not serve")
        ),
        OracleCase(
            "gone",
            [started("ledger-1"), .health("ledger-1"), .process(name: "ledger-1", .crashed)],
            .fail([2], "ledger-1 crashed and never came back")
        ),
        OracleCase("never asked", [started("ledger-1")], .unknown),
        OracleCase(
            "not asked since it started",
            [started("ledger-1"), .health("ledger-1", isServing: false), started("ledger-1")],
            .unknown
        ),
    ]

    @Test("a process that stops waits for calls, and for no other thing", arguments: endings)
    func stops(example: OracleCase) {
        // Events are a millisecond apart.
        example.expectVerdict(
            of: DrainOracle(context: CheckerContext(patience: -999_000_000, isGentle: true))
        )
    }

    private static let draining = HistoryEvent.What.process(name: "ledger-1", .draining)
    private static let stopped = HistoryEvent.What.process(name: "ledger-1", .stopped)

    static let endings: [OracleCase] = [
        OracleCase("in time", [draining, stopped], .pass),
        OracleCase(
            "too long",
            [draining, .pay(0), stopped],
            .fail([0, 2], "ledger-1 needed 2 ms to stop")
        ),
        OracleCase(
            "a crash ends a drain",
            [draining, .pay(0), .process(name: "ledger-1", .crashed), stopped],
            .pass
        ),
        OracleCase(
            "a call is cut",
            [.link(1, .request, .reset)],
            .fail([0], "a call from payment-1 to ledger-1 was cut")
        ),
        OracleCase(
            "somebody does not know",
            [.pay(0), .lost(0)],
            .fail([0, 1], "was answered nothing certain")
        ),
        OracleCase("everybody knows", [.pay(0), .refused(0, 503, "unavailable")], .pass),
    ]

    @Test("where more than restarts happens, calls may be cut")
    func stopsAmongFaults() {
        OracleCase("cut", [.pay(0), .link(1, .request, .reset), .lost(0)], .pass)
            .expectVerdict(of: DrainOracle(context: CheckerContext(patience: 0)))
    }

    @Test("nothing is under way in the end", arguments: queues)
    func drains(example: OracleCase) { example.expectVerdict(of: QueuesEmptyOracle()) }

    static let queues: [OracleCase] = [
        OracleCase(
            "all arrived or were lost",
            [
                .pay(0), .link(1, .request, .sent), .link(2, .request, .sent),
                .link(1, .request, .delivered), .link(2, .request, .lost), .link(1, .reply, .sent),
                .lost(0),
            ],
            .pass
        ),
        OracleCase(
            "one request is on its way",
            [
                .link(1, .request, .sent), .link(2, .request, .sent),
                .link(1, .request, .delivered), .link(2, .reply, .delivered),
            ],
            .fail([1], "1 request is still on the way; the first is event 1")
        ),
        OracleCase("one operation has not ended", [.pay(0)], .fail([0], "still under way")),
    ]
}
