import Histories
import Testing

/// The oracles that look at processes, tokens and links.
@Suite("Oracles of services")
struct ServiceOracleTests {
    @Test("tokens open what they should", arguments: gate)
    func guards(example: OracleCase) {
        let kinds = ["cut": "net.partition", "turn": "auth.rotate", "skew": "clock.jump"]
        example.check(AuthGateOracle(premises: Premises(faultKinds: kinds)))
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
    func serves(example: OracleCase) { example.check(ServedOracle()) }

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
    func endsServing(example: OracleCase) { example.check(AllServingOracle()) }

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

    @Test("nothing is under way in the end", arguments: queues)
    func drains(example: OracleCase) { example.check(QueuesEmptyOracle()) }

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
