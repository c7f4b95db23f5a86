import Checkers
import Testing

@Suite("The model of the payment system")
struct ModelOracleTests {
    @Test("answers of payments are those of the journal", arguments: payments)
    func paysAsModelled(example: OracleCase) {
        example.expectVerdict(of: ModelOracle(context: CheckerContext(seesLinks: true)))
    }

    static let payments: [OracleCase] = [
        OracleCase("paid", [.pay(0), .attempt(0), .capture(1), .paid(0)], .pass),
        OracleCase("lost", [.pay(0), .lost(0)], .pass),
        OracleCase(
            "paid again after a lost answer",
            [.pay(0), .attempt(0), .capture(1), .attempt(0, 2), .paid(0, isReplay: true)],
            .pass
        ),
        OracleCase(
            "paid again by another operation",
            [
                .pay(0), .attempt(0), .capture(1), .paid(0), .pay(1), .attempt(1),
                .paid(1, isReplay: true),
            ],
            .pass
        ),
        OracleCase(
            "a copy of the request was first",
            [
                .pay(0), .attempt(0), .link(1, .request, .duplicated), .capture(1),
                .paid(0, isReplay: true),
            ],
            .pass
        ),
        OracleCase(
            "a replay of nothing",
            [.pay(0), .attempt(0), .capture(1), .paid(0, isReplay: true)],
            .fail([0, 2, 3], "as a replay, although it was the first request")
        ),
        OracleCase(
            "a process hedged its call, and the later attempt was answered first",
            [
                .pay(0), .attempt(0), .hedged("req-0-1"), .capture(1), .paid(0, isReplay: true),
            ],
            .pass
        ),
        OracleCase(
            "a process hedged another call",
            [
                .pay(0), .attempt(0), .hedged("req-9-1"), .capture(1), .paid(0, isReplay: true),
            ],
            .fail([0, 3, 4], "as a replay, although it was the first request")
        ),
        OracleCase(
            "a replay that is not called one",
            [.pay(0), .attempt(0), .capture(1), .attempt(0, 2), .paid(0)],
            .fail([0, 2, 4], "not as a replay, and entry 1 was there before")
        ),
        OracleCase(
            "two operations that each made the same entry",
            [.pay(0), .attempt(0), .pay(1), .attempt(1), .capture(1), .paid(0), .paid(1)],
            .fail([2, 5, 6], "not as a replay, although an earlier one had this id")
        ),
        OracleCase(
            "paid before the entry",
            [.pay(0), .paid(0), .capture(1)],
            .fail([0, 1], "no such")
        ),
        OracleCase(
            "another amount than asked for",
            [.pay(0), .capture(1), .paid(0, 90)],
            .fail([0, 2], "which is not what it asked for")
        ),
        OracleCase(
            "another entry than the answer",
            [.pay(0), .pay(1, 90, key: "k-2"), .capture(1, 90), .paid(0)],
            .fail([0, 2, 3], "and entry 1 says otherwise")
        ),
        OracleCase(
            "an answer to something else",
            [.read(0), .paid(0)],
            .fail([0, 1], "no answer")
        ),
        OracleCase(
            "an entry that nobody asked for",
            [.pay(0), .capture(1, 999)],
            .fail([1], "entry 1, a capture of 999 EUR under pay_1, fits no request")
        ),
        OracleCase(
            "an entry of an operation that was refused",
            [.pay(0), .attempt(0), .capture(1), .refused(0, 503, "unavailable")],
            .fail([0, 2, 3], "503 unavailable, and the journal has entry 1 where there may be 0")
        ),
    ]

    private static let paid: [HistoryEvent.What] = [.pay(0), .attempt(0), .capture(1), .paid(0)]

    private static let refundedHalf: [HistoryEvent.What] =
        paid + [.refund(1, 40), .attempt(1), .payBack(2, 40), .refunded(1, 40, left: 60)]

    @Test("who does not see the links takes nothing for a copy that may be none", arguments: unseen)
    func isMild(example: OracleCase) { example.expectVerdict(of: ModelOracle()) }

    static let unseen: [OracleCase] = [
        OracleCase(
            "a replay may follow a copy",
            [.pay(0), .attempt(0), .capture(1), .paid(0, isReplay: true)],
            .pass
        ),
        OracleCase(
            "an entry may be a copy's",
            [.pay(0), .attempt(0), .capture(1), .refused(0, 503, "unavailable")],
            .pass
        ),
    ]

    @Test("answers of refunds are those of the journal", arguments: refunds)
    func refundsAsModelled(example: OracleCase) {
        example.expectVerdict(of: ModelOracle(context: CheckerContext(seesLinks: true)))
    }

    static let refunds: [OracleCase] = [
        OracleCase("half", refundedHalf, .pass),
        OracleCase(
            "half and the rest",
            refundedHalf + [
                .refund(2, nil, key: "r-2"), .payBack(3, 60, as: "ref_2"),
                .refunded(2, 60, left: 0, as: "ref_2"),
            ],
            .pass
        ),
        OracleCase(
            "a replay tells what remained then",
            refundedHalf + [
                .refund(2, 60, key: "r-2"), .payBack(3, 60, as: "ref_2"), .refund(3, 40),
                .attempt(3), .refunded(3, 40, left: 60, isReplay: true),
            ],
            .pass
        ),
        OracleCase(
            "another remainder",
            paid + [.refund(1, 40), .payBack(2, 40), .refunded(1, 40, left: 50)],
            .fail([4, 5, 6], "and after entry 2 of 40 there remain 60")
        ),
        OracleCase(
            "the rest is not all",
            paid + [.refund(1, nil), .payBack(2, 40), .refunded(1, 40, left: 60)],
            .fail([4, 6], "which is not what it asked for")
        ),
        OracleCase(
            "no entry",
            paid + [.refund(1, 40), .refunded(1, 40, left: 60)],
            .fail([4, 5], "no such refund")
        ),
        OracleCase(
            "another payment",
            paid + [.refund(1, 40, of: "pay_2"), .refunded(1, 40, left: 60)],
            .fail([4, 5], "which is no answer to it")
        ),
    ]

    @Test("readings are those of the journal while they lasted", arguments: readings)
    func readsAsModelled(example: OracleCase) {
        example.expectVerdict(of: ModelOracle(context: CheckerContext(seesLinks: true)))
    }

    static let readings: [OracleCase] = [
        OracleCase("all of it", refundedHalf + [.read(2), .shown(2, [40])], .pass),
        OracleCase(
            "before a refund that came meanwhile",
            paid + [.refund(1, 40), .read(2), .payBack(2, 40), .shown(2)],
            .pass
        ),
        OracleCase(
            "after a refund that came meanwhile",
            paid + [.refund(1, 40), .read(2), .payBack(2, 40), .shown(2, [40])],
            .pass
        ),
        OracleCase(
            "a refund is missing",
            refundedHalf + [.read(2), .shown(2)],
            .fail([6, 8, 9], "without entry 2, which was there before it asked")
        ),
        OracleCase(
            "a refund is too much",
            paid + [.read(1), .shown(1, [40])],
            .fail([2, 4, 5], "and the journal says otherwise")
        ),
        OracleCase(
            "another amount",
            paid + [.read(1), .shown(1, amount: 90)],
            .fail([2, 4, 5], "and the journal says otherwise")
        ),
        OracleCase("of no payment", [.read(0), .shown(0)], .fail([0, 1], "no such payment")),
        OracleCase(
            "by a stranger",
            paid + [.read(1, by: "bob"), .shown(1)],
            .fail([2, 4, 5], "and it is a payment of alice")
        ),
        OracleCase("by an admin", paid + [.read(1, by: "admin"), .shown(1)], .pass),
        OracleCase(
            "of another payment",
            paid + [.read(1, "pay_2"), .shown(1)],
            .fail([4, 5], "which is no answer to it")
        ),
    ]

    @Test("refusals have their reason in the journal", arguments: refusals)
    func refusesAsModelled(example: OracleCase) {
        example.expectVerdict(of: ModelOracle(context: CheckerContext(seesLinks: true)))
    }

    static let refusals: [OracleCase] = [
        OracleCase(
            "more than remains",
            refundedHalf + [.refund(2, 61, key: "r-2"), .refused(2, .refundExceedsRemaining)],
            .pass
        ),
        OracleCase(
            "no more than remains",
            refundedHalf + [.refund(2, 60, key: "r-2"), .refused(2, .refundExceedsRemaining)],
            .fail([2, 6, 8, 9], "and 60 of 100 remained")
        ),
        OracleCase(
            "more than remained for a moment",
            paid + [
                .refund(1, 40), .refund(2, 70, key: "r-2"), .refund(3, nil, key: "r-3"),
                .payBack(2, 40), .payBack(3, 60, as: "ref_3"), .refused(2, .refundExceedsRemaining),
            ],
            .pass
        ),
        OracleCase(
            "nothing remains",
            paid + [
                .refund(1, nil), .payBack(2, 100), .refund(2, 1, key: "r-2"),
                .refused(2, .alreadyRefunded),
            ],
            .pass
        ),
        OracleCase(
            "something remains",
            refundedHalf + [.refund(2, nil, key: "r-2"), .refused(2, .alreadyRefunded)],
            .fail([2, 6, 8, 9], "and 60 of 100 remained")
        ),
        OracleCase(
            "nothing remains of somebody else's",
            paid + [
                .refund(1, nil), .payBack(2, 100), .refund(2, 1, key: "r-2", by: "mallory"),
                .refused(2, .alreadyRefunded),
            ],
            .fail([2, 6, 7], "and it is a payment of alice")
        ),
        OracleCase(
            "too much of no payment",
            [.refund(0, 1), .refused(0, .refundExceedsRemaining)],
            .fail([0, 1], "no such payment")
        ),
        OracleCase("not there", [.read(0), .refused(0, .paymentNotFound)], .pass),
        OracleCase(
            "not there yet",
            [.pay(0), .refund(1, 1), .capture(1), .refused(1, .paymentNotFound)],
            .pass
        ),
        OracleCase(
            "not a stranger's",
            paid + [.refund(1, 1, by: "bob"), .refused(1, .paymentNotFound)],
            .pass
        ),
        OracleCase(
            "there",
            paid + [.read(1), .refused(1, .paymentNotFound)],
            .fail([2, 4, 5], "and entry 1 had captured it before")
        ),
        OracleCase(
            "an order that was paid otherwise",
            [
                .pay(0, key: nil), .capture(1), .paid(0), .pay(1, 90, key: nil),
                .refused(1, .orderConflict),
            ],
            .pass
        ),
        OracleCase(
            "an order that was not paid",
            [.pay(0, key: nil), .lost(0), .pay(1, 90, key: nil), .refused(1, .orderConflict)],
            .fail([2, 3], "and no other request had taken its place")
        ),
        OracleCase(
            "an order conflict in spite of a key",
            paid + [.pay(1, 90), .refused(1, .orderConflict)],
            .fail([4, 5], "which is no answer to it")
        ),
        OracleCase(
            "a key that was used otherwise",
            refundedHalf + [.refund(2, 41), .refused(2, .idempotencyKeyReused)],
            .pass
        ),
        OracleCase(
            "a key that was used for the same",
            refundedHalf + [.refund(2, 40), .refused(2, .idempotencyKeyReused)],
            .fail([8, 9], "and no other request had taken its place")
        ),
        OracleCase(
            "a code with another status",
            [.read(0), .refused(0, 400, "payment_not_found")],
            .fail([0, 1], "and that code goes with 404")
        ),
        OracleCase(
            "a code that no model knows",
            [.pay(0), .refused(0, 429, "rate_limited")],
            .pass
        ),
    ]
}
