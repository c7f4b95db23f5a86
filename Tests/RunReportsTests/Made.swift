import Checkers
import RunReports

/// Small reports, and one event of each kind with its JSON.
enum Made {
    static func report(
        name: String = "a scenario",
        seed: UInt64 = 1,
        events: [HistoryEvent] = []
    ) -> RunReport {
        RunReport(
            scenario: .init(name: name, about: "", yaml: ""),
            seed: seed,
            commit: "0",
            result: .pass,
            traceHash: "0",
            virtualDuration: .seconds(1),
            steps: 1,
            replayLine: "drill a.yaml --seed \(seed)",
            events: events
        )
    }

    static let events: [(HistoryEvent.What, String)] = [
        (
            .invoked(
                Operation(
                    id: 3,
                    client: "shop-1",
                    subject: "ann",
                    request: .pay(orderID: "o", amount: 5, currency: "EUR"),
                    key: nil
                )
            ),
            #""invoked","operation":3,"client":"shop-1","subject":"ann","action":"pay","order_id":"o","#
                + #""payment_id":null,"amount":5,"currency":"EUR","key":null,"good_token":true"#
        ),
        (
            .tried(operation: 3, attempt: 2, requestID: "r"),
            #""tried","operation":3,"attempt":2,"request_id":"r""#
        ),
        (
            .returned(operation: 3, .refused(status: 409, code: "order_conflict")),
            #""returned","operation":3,"outcome":"refused","status":409,"code":"order_conflict""#
        ),
        (
            .returned(operation: 3, .unknown(code: "UNAVAILABLE")),
            #""returned","operation":3,"outcome":"unknown","code":"UNAVAILABLE""#
        ),
        (
            .returned(
                operation: 3,
                .refunded(
                    refundID: "ref",
                    paymentID: "pay",
                    amount: 2,
                    remaining: 3,
                    isReplay: true
                )
            ),
            #""returned","operation":3,"outcome":"refunded","refund_id":"ref","payment_id":"pay","#
                + #""amount":2,"remaining":3,"replay":true"#
        ),
        (
            .judged(
                TokenJudgement(requestID: "r", judge: "ledger-1", isBad: true, wasAccepted: false)
            ),
            #""judged","request_id":"r","judge":"ledger-1","bad":true,"accepted":false"#
        ),
        (
            .probed(
                HealthReading(
                    process: "ledger-1",
                    service: "ledger",
                    isServing: true,
                    canarySucceeded: nil
                )
            ),
            #""probed","process":"ledger-1","service":"ledger","serving":true,"canary":null"#
        ),
        (
            .process(name: "ledger-1", .crashed),
            #""process","process":"ledger-1","state":"crashed""#
        ),
        (.fault(id: "cut", .effective), #""fault","fault":"cut","state":"effective""#),
        (
            .linkMessage(
                LinkEvent(
                    call: 9,
                    from: "a",
                    to: "b",
                    phase: .reply,
                    fate: .late,
                    method: "x.Y/Z",
                    requestID: ""
                )
            ),
            #""crossing","call":9,"from":"a","to":"b","leg":"reply","fate":"late","method":"x.Y/Z","#
                + #""request_id":"""#
        ),
        (.counted(metric: "duplicate_suppressed"), #""counted","metric":"duplicate_suppressed""#),
    ]
}
