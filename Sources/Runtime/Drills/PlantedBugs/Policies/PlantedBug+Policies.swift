import Composition
import Drills
import TransportCore

extension PlantedBug {
    /// Bugs of the policies that calls go through.
    var inPolicies: Planting {
        switch self {
        case .breakerNeverHalfOpens:
            Planting(
                "A circuit breaker that has opened stays open.",
                in: .ledgerOutage,
                foundBy: ["all_ops_resolved", "all_serving", "serving_means_served"]
            ) { .calls { $0.circuitBreaking?.openTime = .seconds(3_600) } }
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
                "A call that was cut off is taken for one that nobody looked at.",
                in: .lostReplies,
                foundBy: ["matches_model", "acknowledged_is_durable", "idempotent_once"]
            ) { .transport(of: .payment) { FilteredTransport($0) { $0.takenForUnsent } } }
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
                    parts.guards = { parts, health, configuration, surroundings in
                        let busy = BusyGuard(timeline: surroundings.timeline)
                        return [busy] + standard(parts, health, configuration, surroundings)
                    }
                }
            }
        }
    }
}

extension CompositionChanges {
    /// Processes that read their configuration otherwise.
    fileprivate static func configuration(
        _ change: @escaping @Sendable (inout SystemConfiguration) -> Void
    ) -> CompositionChanges {
        var changes = CompositionChanges()
        changes.configuration = { _, configuration in
            var configuration = configuration
            change(&configuration)
            return configuration
        }
        return changes
    }

    /// Processes that call every service by other rules.
    fileprivate static func calls(
        _ change: @escaping @Sendable (inout ServiceConfig) -> Void
    ) -> CompositionChanges {
        .configuration { configuration in
            for service in ServiceName.allCases {
                var config = configuration.serviceConfig(service)
                change(&config)
                configuration.serviceConfigs[service] = config
            }
        }
    }

    /// A process of `service` that makes its calls over another transport.
    fileprivate static func transport(
        of service: ServiceName,
        _ change: @escaping @Sendable (any Transport) -> any Transport
    ) -> CompositionChanges {
        .outgoing { name, surroundings in
            guard name == service else { return surroundings }
            return surroundings.with(transport: change(surroundings.transport))
        }
    }
}
