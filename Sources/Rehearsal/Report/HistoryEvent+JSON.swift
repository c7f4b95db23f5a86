package import Checkers
package import StrictJSON

extension JSONValue {
    /// An event as one flat object: `at`, `what`, then the members of its kind.
    ///
    /// ```
    /// invoked    operation, client, subject, action: pay|refund|read, order_id, payment_id, amount,
    ///            currency, key, good_token (what an action has not, is null)
    /// tried      operation, attempt, request_id
    /// returned   operation, outcome: paid|refunded|read|refused|unknown, and its members
    /// committed  sequence, kind: capture|refund, payment_id, refund_id, order_id, subject, amount,
    ///            currency, debit, credit
    /// balances   currency, sequence, accounts: [{account, debits, credits}]
    /// judged     request_id, judge, bad, accepted
    /// probed     process, service, serving, canary
    /// process    process, state
    /// fault      fault, state
    /// crossing   call, from, to, leg, fate, method, request_id
    /// counted    metric
    /// ```
    package init(_ event: HistoryEvent) {
        var object = JSONObject()
        object["at"] = .count(event.at)
        for (name, value) in event.what.members { object[name] = value }
        self = .object(object)
    }

    static func count(_ value: Int64) -> JSONValue { .number(JSONNumber(value)) }

    static func count(_ value: Int) -> JSONValue { .count(Int64(value)) }

    static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }

    static func amount(_ value: Int64?) -> JSONValue { value.map { .count($0) } ?? .null }
}

/// The members of an object, in order.
typealias Members = [(String, JSONValue)]

extension HistoryEvent.What {
    fileprivate var members: Members {
        switch self {
        case .invoked(let operation): [("what", "invoked")] + operation.members
        case .tried(let operation, let attempt, let requestID):
            [
                ("what", "tried"), ("operation", .count(operation)), ("attempt", .count(attempt)),
                ("request_id", .string(requestID)),
            ]
        case .returned(let operation, let outcome):
            [("what", "returned"), ("operation", .count(operation))] + outcome.members
        case .committed(let entry): [("what", "committed")] + entry.members
        case .balances(let reading): [("what", "balances")] + reading.members
        case .judged(let judgement): [("what", "judged")] + judgement.members
        case .probed(let reading): [("what", "probed")] + reading.members
        case .process(let name, let state):
            [
                ("what", "process"), ("process", .string(name)),
                ("state", .string(state.rawValue)),
            ]
        case .fault(let id, let state):
            [("what", "fault"), ("fault", .string(id)), ("state", .string(state.rawValue))]
        case .linkMessage(let link): [("what", "crossing")] + link.members
        case .retried(let reading):
            [
                ("what", "retried"), ("process", .string(reading.process)),
                ("callee", .string(reading.callee)), ("request_id", .string(reading.requestID)),
                ("retries", .number(JSONNumber(Int64(reading.retries)))),
            ]
        case .gaveUp(let process, let requestID):
            [
                ("what", "gave_up"), ("process", .string(process)),
                ("request_id", .string(requestID)),
            ]
        case .counted(let metric): [("what", "counted"), ("metric", .string(metric))]
        }
    }
}
