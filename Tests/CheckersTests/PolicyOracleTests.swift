import Checkers
import Testing

/// The oracles that look at what keeps calls going.
@Suite("Oracles of policies")
struct PolicyOracleTests {
    @Test("nobody is told of what went wrong", arguments: harmCases)
    func harm(example: OracleCase) { example.expectVerdict(of: UnharmedOracle()) }

    static let harmCases: [OracleCase] = [
        OracleCase("answers and refusals are no harm", [.pay(0), .paid(0)], .pass),
        OracleCase(
            "a conflict is the client's",
            [.pay(0), .refused(0, 409, "order_conflict")],
            .pass
        ),
        OracleCase(
            "503 is harm",
            [.pay(0), .refused(0, 503, "unavailable")],
            .fail([0, 1], "a replica of everything was there")
        ),
        OracleCase(
            "so is no answer",
            [.pay(0), .returned(operation: 0, .unknown(code: "timeout"))],
            .fail([0, 1], "a replica of everything was there")
        ),
    ]

    @Test("retries stay within what was earned", arguments: budgetCases)
    func budget(example: OracleCase) { example.expectVerdict(of: RetryBudgetOracle()) }

    static let budgetCases: [OracleCase] = [
        OracleCase("five without a success are allowed", [.again(retries: 5)], .pass),
        OracleCase("six are not", [.again(retries: 6)], .fail([0], "5 are allowed")),
        OracleCase(
            "ten successes earn one",
            [.again(retries: 6, successes: 10), .again(retries: 7, successes: 19)],
            .fail([1], "6 are allowed")
        ),
    ]

    @Test("what one gave up no other tries again", arguments: layerCases)
    func layers(example: OracleCase) { example.expectVerdict(of: RetryLayerOracle()) }

    static let layerCases: [OracleCase] = [
        OracleCase(
            "the one that gave up is not another",
            [.gaveUp(process: "payment-1", requestID: "r"), .again(by: "payment-1", for: "r")],
            .pass
        ),
        OracleCase(
            "a gateway tries again what a payment service gave up",
            [.gaveUp(process: "payment-1", requestID: "r"), .again(by: "gateway-1", for: "r")],
            .fail([0, 1], "which payment-1 gave up")
        ),
        OracleCase(
            "another request is another matter, and so is one without a name",
            [
                .gaveUp(process: "payment-1", requestID: "r"),
                .gaveUp(process: "payment-1", requestID: ""),
                .again(by: "gateway-1", for: "s"), .again(by: "gateway-1", for: ""),
            ],
            .pass
        ),
    ]

    @Test("what is counted and must not happen is found")
    func counted() {
        let late = HistoryEvent.What.counted(metric: NeverCountedOracle.deadlineExceedsCaller)
        let shed = HistoryEvent.What.counted(metric: NeverCountedOracle.healthRefused)
        let other = HistoryEvent.What.counted(metric: "duplicate_suppressed")
        OracleCase("", [other, shed], .pass).expectVerdict(of: NeverCountedOracle.deadlinesShrink)
        OracleCase("", [other, late], .fail([1], "more time"))
            .expectVerdict(of: NeverCountedOracle.deadlinesShrink)
        OracleCase("", [other, late], .pass).expectVerdict(of: NeverCountedOracle.healthIsAnswered)
        OracleCase("", [shed], .fail([0], "too busy")).expectVerdict(
            of: NeverCountedOracle.healthIsAnswered
        )
        let broken = HistoryEvent.What.counted(metric: NeverCountedOracle.rateLimitBroken)
        OracleCase("", [other, shed], .pass).expectVerdict(of: NeverCountedOracle.rateLimitKept)
        OracleCase("", [broken], .fail([0], "its limit")).expectVerdict(
            of: NeverCountedOracle.rateLimitKept
        )
    }
}

extension HistoryEvent.What {
    fileprivate static func again(
        by process: String = "payment-1",
        for requestID: String = "r",
        retries: Int = 1,
        successes: Int = 0
    ) -> Self {
        .retried(
            RetryReading(
                process: process,
                callee: "ledger",
                requestID: requestID,
                retries: retries,
                successes: successes
            )
        )
    }
}
