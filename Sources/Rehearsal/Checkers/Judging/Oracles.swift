/// The oracles that scenario files can name.
package enum Oracles {
    /// Oracles that must hold at every moment, faults or not.
    package static let always = [
        "conservation", "gapless", "idempotent_once", "refund_le_capture",
        "acknowledged_is_durable", "auth_gate", "serving_means_served", "matches_model",
        "no_internal", "drains_cleanly", "retries_within_budget", "deadlines_shrink",
        "health_is_answered", "rate_limit_kept",
    ]

    /// Oracles that must hold at every moment in drills whose faults allow it.
    package static let sometimes = ["unharmed", "retries_at_one_layer"]

    /// Oracles that must hold once everything is healed.
    package static let eventually = ["all_ops_resolved", "all_serving", "queues_empty"]

    /// A new oracle; nil when `name` is unknown.
    package static func named(
        _ name: String,
        context: CheckerContext = CheckerContext()
    ) -> (any Oracle)? {
        switch name {
        case "conservation": ConservationOracle()
        case "gapless": GaplessOracle()
        case "idempotent_once": IdempotenceOracle()
        case "refund_le_capture": RefundOracle(context: context)
        case "acknowledged_is_durable": DurabilityOracle(context: context)
        case "auth_gate": AuthGateOracle(context: context)
        case "serving_means_served": ServedOracle()
        case "matches_model": ModelOracle(context: context)
        case "no_internal": NoInternalOracle()
        case "drains_cleanly": DrainOracle(context: context)
        case "unharmed": UnharmedOracle()
        case "retries_within_budget": RetryBudgetOracle()
        case "retries_at_one_layer": RetryLayerOracle()
        case "deadlines_shrink": NeverCountedOracle.deadlinesShrink
        case "health_is_answered": NeverCountedOracle.healthIsAnswered
        case "rate_limit_kept": NeverCountedOracle.rateLimitKept
        case "all_ops_resolved": ResolutionOracle(context: context)
        case "all_serving": AllServingOracle()
        case "queues_empty": QueuesEmptyOracle()
        default: nil
        }
    }
}
