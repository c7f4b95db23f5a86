import Domain

/// The names that a scenario file may use, each list in the order of its documentation.
package enum Vocabulary {
    /// The services of the system.
    package static let services = ["gateway", "payment", "ledger", "refund"]

    /// The settings of a deployment's environment that a drill may set, by the same names.
    package static let settings = [
        "LEDGER_SERVICE_CONFIG", "PAYMENT_SERVICE_CONFIG", "REFUND_SERVICE_CONFIG",
        "LOAD_SHEDDING", "RATE_LIMIT", "DRAIN_GRACE",
    ]

    /// The services that store data on a disk.
    package static let storing = ["ledger"]

    /// The services that check users' tokens.
    package static let judging = ["gateway"]

    /// Oracles that can hold at every moment.
    package static let always = [
        "conservation", "gapless", "idempotent_once", "refund_le_capture",
        "acknowledged_is_durable", "auth_gate", "serving_means_served", "matches_model",
        "no_internal", "drains_cleanly", "unharmed", "retries_within_budget",
        "retries_at_one_layer", "deadlines_shrink", "health_is_answered",
        "rate_limit_kept",
    ]

    /// Oracles that can hold once everything is healed.
    package static let eventually = ["all_ops_resolved", "all_serving", "queues_empty"]

    /// The events that a fault can wait for.
    package static let events =
        services.flatMap { ["\($0).received", "\($0).replied"] }
        + ["ledger.committed", "ledger.acknowledged", "client.retried"]

    /// The metrics of a run.
    package static let metrics = [
        "paid", "refunded", "read", "duplicate_suppressed", "replayed", "retried",
        "unknown_outcome", "refused_token",
        "refund_refused", "not_found", "key_reused", "crashed", "committed", "service_retried",
        "breaker_opened", "shed", "overloaded", "rate_limited",
    ]

    /// Kinds of fault.
    package static let kinds = FaultEntry.all.map(\.name)

    /// Code of the drill that a scenario can call.
    package static let steps = ["check_balances", "pay_canary", "restart_everything"]

    /// Methods that a fault of a call can name.
    package static let methods = [
        "CreatePayment", "GetPayment", "CreateRefund", "RecordTransaction", "RecordRefund",
        "GetTransaction", "GetBalance", "ListEntries", "Check",
    ]

    /// The statuses of a failed call, as gRPC names them.
    package static let statuses = [
        "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
        "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
        "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
        "UNAUTHENTICATED",
    ]

    /// The scopes of a client's token.
    package static let scopes = Scope.ofUsers + ["refund:write:own", Scope.ledgerRead]

    /// Names that no client can have, because they mean something else.
    package static let reserved = services + ["all", "default", "probe", "auditor", "canary"]
}
