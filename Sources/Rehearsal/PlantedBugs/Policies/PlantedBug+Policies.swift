import Composition
import SimulatedDrills
import TransportCore

extension PlantedBug {
    /// Bugs of the policies of calls.
    var inPolicies: Planting {
        switch self {
        case .breakerNeverHalfOpens:
            Planting(
                "A circuit breaker that has opened stays open.",
                in: .ledgerOutage,
                foundBy: ["all_ops_resolved", "all_serving", "serving_means_served"]
            ) { .calls { $0.circuitBreaking?.openTime = .seconds(3_600) } }
        case .healthNotWatched:
            Planting(
                "Calls go to replicas that say that they do not serve.",
                in: .watchedHealth,
                foundBy: ["unharmed"]
            ) { .calls { $0.healthCheckService = nil } }
        case .sickReplicaKept:
            Planting(
                "A replica that fails every call stays in the round.",
                in: .sickReplica,
                foundBy: ["seldom"]
            ) { .calls { $0.outlierDetection = nil } }
        case .leastRequestIgnored:
            Planting(
                "Calls go round, though the less busy replica was asked for.",
                in: .slowReplica,
                foundBy: ["seldom"]
            ) { .calls { $0.balancing = .roundRobin } }
        case .deadAddressKept:
            Planting(
                "Calls go to the first replica, whether it is there or not.",
                in: .killedReplica,
                foundBy: ["unharmed"]
            ) { .transport(of: .gateway) { StubbornTransport(base: $0) } }
        case .deadlineMarginInverted:
            Planting(
                "A call may take longer than its caller waits: the margin is added.",
                in: .hungCalls,
                foundBy: ["deadlines_shrink"]
            ) { .configuration { $0.deadlineMargin = .seconds(-30) } }
        default:
            Planting(
                "A busy service refuses to tell its health.",
                in: .busyHour,
                foundBy: ["health_is_answered"]
            ) {
                .part(of: .ledger) { parts, _ in
                    let standard = parts.guards
                    parts.guards = { parts, health, configuration, dependencies in
                        let busy = BusyGuard(timeline: dependencies.timeline)
                        return [busy] + standard(parts, health, configuration, dependencies)
                    }
                }
            }
        }
    }
}

extension PlantedBug {
    /// Bugs of retries.
    var inRetries: Planting {
        switch self {
        case .retryAtTwoLayers:
            Planting(
                "A gateway tries again what the service below has given up.",
                in: .ledgerOutage,
                foundBy: ["retries_at_one_layer"]
            ) { .transport(of: .gateway) { FilteredTransport($0) { $0.withoutPushback } } }
        case .retryWithoutBudget:
            Planting(
                "Every failure is tried again, however many there are.",
                in: .ledgerOutage,
                foundBy: ["retries_within_budget"]
            ) {
                .calls {
                    $0.retryThrottling = nil
                    $0.circuitBreaking = nil
                }
            }
        case .retryForgetsUncertainty:
            Planting(
                "A call that was cut off counts as never processed.",
                in: .lostReplies,
                foundBy: ["matches_model", "acknowledged_is_durable", "idempotent_once"]
            ) { .transport(of: .payment) { FilteredTransport($0) { $0.takenForUnsent } } }
        default:
            Planting(
                "The first attempt that fails ends a hedged call, though others could be made.",
                in: .hedgedReplica,
                foundBy: ["unharmed"]
            ) {
                .calls { config in
                    for place in config.methods.indices {
                        config.methods[place].hedging?.nonFatalCodes = []
                    }
                }
            }
        }
    }
}
