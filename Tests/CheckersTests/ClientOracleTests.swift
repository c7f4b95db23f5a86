import Checkers
import Testing

/// The oracles that look at what clients are told.
@Suite("Oracles of answers")
struct ClientOracleTests {
    @Test("what was acknowledged stays", arguments: durability)
    func lasts(example: OracleCase) { example.expectVerdict(of: DurabilityOracle()) }

    private static let paidAndRefunded: [HistoryEvent.What] = [
        .pay(0), .capture(1), .paid(0), .refund(1, 40), .payBack(2, 40), .refunded(1, 40, left: 60),
        .audit(2),
    ]

    static let durability: [OracleCase] = [
        OracleCase("the final check finds it", paidAndRefunded + [.shown(2, [40])], .pass),
        OracleCase("nobody audits", [.pay(0), .capture(1), .paid(0)], .pass),
        OracleCase("what was not acknowledged may be gone", [.pay(0), .lost(0)], .pass),
        OracleCase("the final check cannot read", paidAndRefunded + [.lost(2)], .unknown),
        OracleCase(
            "the final check reads at the second go",
            paidAndRefunded + [.lost(2), .audit(3), .shown(3, [40])],
            .pass
        ),
        OracleCase(
            "the journal does not have the payment",
            [.pay(0), .paid(0)],
            .fail([1], "payment pay_1 was acknowledged, and the journal does not have it")
        ),
        OracleCase(
            "the journal does not have the refund",
            [.pay(0), .capture(1), .paid(0), .refund(1, 40), .refunded(1, 40, left: 60)],
            .fail([4], "refund ref_1 of pay_1")
        ),
        OracleCase(
            "the journal has another amount",
            [.pay(0), .capture(1, 10), .paid(0)],
            .fail([1, 2], "acknowledged with 100 EUR, entry 1 has 10 EUR")
        ),
        OracleCase(
            "the final check is told there is none",
            paidAndRefunded + [.refused(2, .paymentNotFound)],
            .fail([2, 7], "payment pay_1 was acknowledged, and the final check is told")
        ),
        OracleCase(
            "the final check misses the refund",
            paidAndRefunded + [.shown(2)],
            .fail([5, 7], "refund ref_1 of pay_1")
        ),
    ]

    @Test("every operation ends and acts once at most", arguments: resolution)
    func resolves(example: OracleCase) {
        example.expectVerdict(of: ResolutionOracle(context: CheckerContext(seesLinks: true)))
    }

    static let resolution: [OracleCase] = [
        OracleCase("never applied", [.pay(0), .lost(0)], .pass),
        OracleCase("applied once", [.pay(0), .capture(1), .lost(0)], .pass),
        OracleCase(
            "applied after it ended",
            [.refund(0, nil), .lost(0), .payBack(1, 70)],
            .pass
        ),
        OracleCase("never ended", [.pay(0), .capture(1)], .fail([0], "never ended")),
        OracleCase(
            "ended twice",
            [.pay(0), .capture(1), .paid(0), .paid(0)],
            .fail([2, 3], "ended twice")
        ),
        OracleCase(
            "applied twice",
            [
                .refund(0, 10), .lost(0), .payBack(1, 10), .payBack(2, 10, as: "ref_2"),
            ],
            .fail([0, 1, 2, 3], "entries 1 and 2 where there may be 1")
        ),
        OracleCase(
            "two requests, two effects",
            [
                .refund(0, 10), .lost(0), .refund(1, nil, key: "r-2"), .lost(1), .payBack(1, 10),
                .payBack(2, 10, as: "ref_2"),
            ],
            .pass
        ),
        OracleCase(
            "the second effect cannot be the refused one's",
            [
                .refund(0, 10), .attempt(0), .lost(0), .refund(1, 10, key: "r-2"), .attempt(1),
                .refused(1, 503, "unavailable"), .payBack(1, 10), .payBack(2, 10, as: "ref_2"),
            ],
            .fail([0, 2, 3, 5, 6, 7], "entries 1 and 2 where there may be 1")
        ),
        OracleCase(
            "the second effect may be an earlier try's",
            [
                .refund(0, 10), .attempt(0), .lost(0), .refund(1, 10, key: "r-2"), .attempt(1),
                .attempt(1, 2), .refused(1, 503, "unavailable"), .payBack(1, 10),
                .payBack(2, 10, as: "ref_2"),
            ],
            .pass
        ),
        OracleCase(
            "the second effect may be a copy's",
            [
                .refund(0, 10), .attempt(0), .lost(0), .refund(1, 10, key: "r-2"), .attempt(1),
                .link(1, .request, .duplicated, request: "req-1-1"),
                .refused(1, 503, "unavailable"), .payBack(1, 10), .payBack(2, 10, as: "ref_2"),
            ],
            .pass
        ),
    ]

    @Test("nobody meets an internal error", arguments: internals)
    func meetsNoBug(example: OracleCase) { example.expectVerdict(of: NoInternalOracle()) }

    static let internals: [OracleCase] = [
        OracleCase("refused for a reason", [.pay(0), .refused(0, .orderConflict)], .pass),
        OracleCase("unknown", [.pay(0), .lost(0, "outcome_unknown")], .pass),
        OracleCase(
            "refused",
            [.pay(0), .refused(0, .internalFault)],
            .fail([0, 1], "answered 500 internal")
        ),
        OracleCase(
            "with another name",
            [.pay(0), .refused(0, 500, "other")],
            .fail([0, 1], "answered 500 other")
        ),
        OracleCase("unknown for it", [.pay(0), .lost(0, "INTERNAL")], .fail([0, 1], "INTERNAL")),
    ]
}
