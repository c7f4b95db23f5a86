import Checkers
import Testing

@Suite("Linearizability")
struct LinearizabilityTests {
    @Test("a history has an order or it has none", arguments: examples)
    func judges(example: OracleCase) {
        example.expect(LinearizabilityCheck().verdict(on: example.happened.events))
    }

    private static let paid: [HistoryEvent.What] = [.pay(0), .paid(0)]

    static let examples: [OracleCase] = [
        OracleCase("nothing", [], .pass),
        OracleCase("pay, then read", paid + [.read(1), .shown(1)], .pass),
        OracleCase(
            "a read beside a payment may miss it",
            [.pay(0), .read(1), .refused(1, .paymentNotFound), .paid(0)],
            .pass
        ),
        OracleCase(
            "a read after a payment may not",
            paid + [.read(1), .refused(1, .paymentNotFound)],
            .fail([0, 1, 2, 3], "payment pay_1: no order")
        ),
        OracleCase(
            "reads beside a refund see it in one order only",
            paid + [
                .refund(1, 40), .read(2), .shown(2, [40]), .read(3), .shown(3),
                .refunded(1, 40, left: 60),
            ],
            .fail([3, 4, 5, 6], "operation 2 (read pay_1, by shop-1)")
        ),
        OracleCase(
            "refunds beside each other order themselves by what remains",
            paid + [
                .refund(1, 40), .refund(2, 30, key: "r-2"), .refunded(1, 40, left: 30),
                .refunded(2, 30, left: 70, as: "ref_2"), .read(3),
                .shown(3, [30, 40], ids: ["ref_2", "ref_1"]),
            ],
            .pass
        ),
        OracleCase(
            "two refunds that both were first",
            paid + [
                .refund(1, 40), .refund(2, 30, key: "r-2"), .refunded(1, 40, left: 60),
                .refunded(2, 30, left: 70, as: "ref_2"),
            ],
            .fail([2, 3, 4, 5], "operation 1")
        ),
        OracleCase(
            "a lost refund may come late",
            paid + [
                .refund(1, 40), .lost(1), .read(2), .shown(2), .read(3), .shown(3, [40]),
            ],
            .pass
        ),
        OracleCase(
            "a lost refund may never come",
            paid + [.refund(1, 40), .lost(1), .read(2), .shown(2)],
            .pass
        ),
        OracleCase(
            "a lost refund that came does not go",
            paid + [.refund(1, 40), .lost(1), .read(2), .shown(2, [40]), .read(3), .shown(3)],
            .fail([4, 5, 6, 7], "operation 3")
        ),
        OracleCase(
            "a lost refund does not come before it was asked for",
            paid + [.read(1), .shown(1, [40]), .refund(2, 40), .lost(2)],
            .fail([2, 3], "operation 1")
        ),
        OracleCase(
            "a refund that is still under way may have come",
            paid + [.refund(1, nil), .read(2), .shown(2, [100])],
            .pass
        ),
        OracleCase(
            "a lost payment is found by its entry",
            [.pay(0), .lost(0), .read(1), .shown(1), .capture(1)],
            .pass
        ),
        OracleCase(
            "a lost payment without an entry may be any",
            [.pay(0), .lost(0), .read(1), .shown(1)],
            .pass
        ),
        OracleCase(
            "a payment that nobody made is not read",
            [.pay(0, 90), .lost(0), .read(1), .shown(1)],
            .fail([2, 3], "operation 1")
        ),
        OracleCase(
            "a replay follows",
            paid + [.pay(1), .paid(1, isReplay: true)],
            .pass
        ),
        OracleCase(
            "a payment is made once",
            paid + [.pay(1), .paid(1)],
            .fail([0, 1, 2, 3], "operation 1")
        ),
        OracleCase(
            "another request under the same key conflicts once it is used",
            [.pay(0), .pay(1, 90), .refused(1, .idempotencyKeyReused), .paid(0)],
            .pass
        ),
        OracleCase(
            "another request under the same key does not conflict before",
            [.pay(1, 90), .refused(1, .idempotencyKeyReused), .pay(0), .paid(0)],
            .fail([0, 1], "operation 1")
        ),
        OracleCase(
            "what exceeds, exceeds in its place",
            paid + [
                .refund(1, 70), .refund(2, 40, key: "r-2"), .refused(2, .refundExceedsRemaining),
                .refunded(1, 70, left: 30),
            ],
            .pass
        ),
        OracleCase(
            "what exceeds nothing is not refused",
            paid + [
                .refund(2, 40, key: "r-2"), .refused(2, .refundExceedsRemaining), .refund(1, 70),
                .refunded(1, 70, left: 30),
            ],
            .fail([2, 3], "operation 2")
        ),
        OracleCase(
            "what was refunded wholly",
            paid + [
                .refund(1, nil), .refunded(1, 100, left: 0), .refund(2, nil, key: "r-2"),
                .refused(2, .alreadyRefunded),
            ],
            .pass
        ),
        OracleCase(
            "a stranger sees nothing, an admin everything",
            paid + [
                .read(1, by: "bob"), .refused(1, .paymentNotFound), .read(2, by: "admin"),
                .shown(2),
            ],
            .pass
        ),
        OracleCase(
            "a stranger saw something",
            paid + [.read(1, by: "bob"), .shown(1)],
            .fail([2, 3], "operation 1")
        ),
        OracleCase(
            "an earlier try of what was refused may still come",
            [
                .refund(1, 40), .attempt(1), .attempt(1, 2), .refused(1, .paymentNotFound), .pay(0),
                .paid(0), .read(2), .shown(2, [40]),
            ],
            .pass
        ),
        OracleCase(
            "a replayed refund tells what remained then",
            paid + [
                .refund(1, 40), .refunded(1, 40, left: 60), .refund(2, 60, key: "r-2"),
                .refunded(2, 60, left: 0, as: "ref_2"), .refund(3, 40),
                .refunded(3, 40, left: 60, isReplay: true),
            ],
            .pass
        ),
    ]

    @Test("the fewest operations that show it are named, wherever they lie in the history")
    func fewestWitnesses() {
        var happened = Self.paid
        for id in 10..<20 {
            happened += [.read(id), .shown(id)]
            let key = "k-\(id)"
            happened += [.pay(id + 100, key: key), .paid(id + 100, as: "pay_\(id)")]
        }
        let start = happened.count
        happened += [.refund(1, 40), .refunded(1, 40, left: 60), .read(2), .shown(2)]
        happened += [.read(3), .shown(3)]
        let verdict = LinearizabilityCheck().verdict(on: happened.events)
        OracleCase("", happened, .fail([start, start + 1, start + 2, start + 3], "operation 2"))
            .expect(verdict)
    }

    @Test("without an order in sight the steps run out, and the verdict stays open")
    func runsOut() {
        let check = LinearizabilityCheck(stepsMax: 5_000)
        OracleCase("", [], .unknown).expect(check.verdict(on: Self.hard.events))
    }

    @Test("the caller ends the search")
    func isOver() {
        let check = LinearizabilityCheck()
        let verdict = check.verdict(on: Self.hard.events, isOver: { true })
        OracleCase("", [], .unknown).expect(verdict)
    }

    /// Many lost refunds whose sums reach everything but what is read.
    private static let hard: [HistoryEvent.What] =
        [.pay(0, 1 << 20), .paid(0, 1 << 20)]
        + (0..<18).flatMap { place -> [HistoryEvent.What] in
            [.refund(place + 1, 2 << Int64(place), key: "r-\(place)"), .lost(place + 1)]
        } + [.read(100), .shown(100, [1], amount: 1 << 20)]
}
