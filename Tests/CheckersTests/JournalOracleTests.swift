import Checkers
import Testing

/// The oracles that look at the journal's entries and balances.
@Suite("Oracles of the journal")
struct JournalOracleTests {
    @Test("money is neither made nor lost", arguments: conservation)
    func conserves(example: OracleCase) { example.expectVerdict(of: ConservationOracle()) }

    static let conservation: [OracleCase] = [
        OracleCase("nothing happened", [], .pass),
        OracleCase(
            "balances are the sums of entries",
            [
                .capture(1), .payBack(2, 30),
                .balances(card: (100, 30), merchant: (30, 100), at: 2),
            ],
            .pass
        ),
        OracleCase(
            "an older reading leaves the later entries out",
            [.capture(1), .payBack(2, 30), .balances(card: (100, 0), merchant: (0, 100), at: 1)],
            .pass
        ),
        OracleCase(
            "an older reading leaves out later entries that were told of before",
            [
                .capture(1), .payBack(3, 30), .payBack(2, 20),
                .balances(card: (100, 20), merchant: (20, 100), at: 2),
            ],
            .pass
        ),
        OracleCase(
            "a reading may be told of before its entries",
            [.balances(card: (100, 0), merchant: (0, 100), at: 1), .capture(1)],
            .pass
        ),
        OracleCase(
            "an early reading is compared once its entries are there",
            [.balances(card: (90, 0), merchant: (0, 90), at: 1), .capture(1)],
            .fail([0], "clearing:CARD")
        ),
        OracleCase(
            "a reading of entries that nobody told of decides nothing",
            [.capture(1), .balances(card: (150, 0), merchant: (0, 150), at: 2)],
            .unknown
        ),
        OracleCase(
            "one side is missing",
            [.capture(1), .balances(card: (100, 0), merchant: (0, 99), at: 1)],
            .fail([1], "the debits are 100 and the credits 99")
        ),
        OracleCase(
            "both sides are wrong",
            [.capture(1), .balances(card: (101, 0), merchant: (0, 101), at: 1)],
            .fail([1], "shows debits 101")
        ),
        OracleCase(
            "an account is left out",
            [.capture(1), .balances(BalanceReading(currency: "EUR", accounts: [], sequence: 1))],
            .fail([1], "clearing:CARD")
        ),
        OracleCase(
            "an entry goes nowhere",
            [.capture(1, from: "merchant")],
            .fail([0], "entry 1 goes from 'merchant' to 'merchant'")
        ),
        OracleCase("an entry moves nothing", [.capture(1, 0)], .fail([0], "moves 0 units")),
        OracleCase(
            "a refund goes to another account than the capture came from",
            [.capture(1), .payBack(2, 30, to: "clearing:BANK")],
            .fail([0, 1], "entry 2 refunds pay_1 from merchant to clearing:BANK")
        ),
    ]

    @Test("entries count without gaps", arguments: gapless)
    func counts(example: OracleCase) { example.expectVerdict(of: GaplessOracle()) }

    static let gapless: [OracleCase] = [
        OracleCase("one, two, three", [.capture(1), .payBack(2, 1), .payBack(3, 1)], .pass),
        OracleCase("the first is missing", [.capture(2)], .fail([0], "entry 2 follows entry 0")),
        OracleCase(
            "one is missing",
            [.capture(1), .attempt(0), .capture(3)],
            .fail([0, 2], "entry 3 follows entry 1")
        ),
        OracleCase(
            "one is there twice",
            [.capture(1), .capture(2), .capture(1)],
            .fail([0, 2], "entry 1 was written twice")
        ),
    ]

    @Test("no more is refunded than was captured", arguments: refunds)
    func bounds(example: OracleCase) { example.expectVerdict(of: RefundOracle()) }

    static let refunds: [OracleCase] = [
        OracleCase("all of it", [.capture(1), .payBack(2, 60), .payBack(3, 40)], .pass),
        OracleCase("by an admin", [.capture(1), .payBack(2, 60, by: "admin")], .pass),
        OracleCase(
            "too much",
            [.capture(1), .payBack(2, 60), .capture(3, as: "pay_2"), .payBack(4, 41)],
            .fail([0, 1, 3], "payment pay_1 of 100 was refunded by 101: entries 2 and 4")
        ),
        OracleCase("before its capture", [.payBack(1, 60)], .fail([0], "not captured before")),
        OracleCase(
            "by a stranger",
            [.capture(1), .payBack(2, 60, by: "bob")],
            .fail([0, 1], "for bob, it is a payment of alice")
        ),
        OracleCase(
            "in another currency",
            [.capture(1), .payBack(2, 60, currency: "JPY")],
            .fail([0, 1], "in JPY")
        ),
    ]

    @Test("one request has one effect and one id", arguments: once)
    func actsOnce(example: OracleCase) { example.expectVerdict(of: IdempotenceOracle()) }

    static let once: [OracleCase] = [
        OracleCase(
            "a replay",
            [.pay(0), .capture(1), .lost(0), .pay(1), .paid(1, isReplay: true)],
            .pass
        ),
        OracleCase(
            "two keys for one order are two payments",
            [
                .pay(0), .pay(1, key: "k-2"), .capture(1), .capture(2, as: "pay_2"), .paid(0),
                .paid(1, as: "pay_2"),
            ],
            .pass
        ),
        OracleCase(
            "a capture twice",
            [.pay(0), .capture(1), .paid(0), .capture(2)],
            .fail([1, 3], "payment pay_1 was captured twice: entries 1 and 2")
        ),
        OracleCase(
            "a refund twice",
            [.refund(0, 10), .payBack(1, 10), .payBack(2, 10)],
            .fail([1, 2], "refund ref_1 was paid twice: entries 1 and 2")
        ),
        OracleCase(
            "two effects of one key, under two ids",
            [.pay(0), .capture(1), .capture(2, as: "pay_2"), .lost(0)],
            .fail([0, 1, 2, 3], "entries 1 and 2 come from 1 requests")
        ),
        OracleCase(
            "two effects of one order without a key",
            [.pay(0, key: nil), .pay(1, key: nil), .capture(1), .capture(2, as: "pay_2")],
            .fail([0, 1, 2, 3], "entries 1 and 2 come from 1 requests")
        ),
        OracleCase(
            "two ids for one key",
            [.pay(0), .paid(0), .pay(1), .paid(1, as: "pay_2")],
            .fail([1, 3], "answered with pay_2, the same request before it with pay_1")
        ),
        OracleCase(
            "one id for two keys",
            [.pay(0), .paid(0), .pay(1, key: "k-2"), .paid(1, isReplay: true)],
            .fail([1, 3], "answered with pay_1, as another request was before it")
        ),
    ]
}
